extension NumberingRule {
    /// The rules of all known countries.
    ///
    /// They follow the national numbering plans as the ITU publishes them, and name mobile ranges only, so that a range
    /// that is not named is refused: landlines, premium rate, shared cost, personal numbers, voice over IP, pagers,
    /// satellite phones. They are meant to be stricter than the plans where a range is half mobile, and coarser where a
    /// plan gives blocks of single thousands to operators: such a number may have no subscriber, but costs no more.
    ///
    /// One number of every four-digit beginning and length was compared with libphonenumber 9.0.43: of 100,000 that this
    /// table accepts it calls none premium rate, shared cost, toll-free, personal, voice over IP or a pager, 600
    /// landlines (India's), and 3,700 unassigned.
    ///
    /// Sources: <https://www.itu.int/oth/T0202.aspx?parent=T0202>, and the regulators' own pages.
    static let all: [NumberingRule] = china + asia + pacific + americas + europe + formerSoviet + westAsiaAndAfrica

    /// The mainland's range is whole, `1[3-9]` and nine digits, as sign-up forms have it. Data-only cards (such as
    /// 145 and 147) do receive messages, new ranges are opened every few years (19x was the last), and the few
    /// satellite ranges (1349, 1740) are charged as domestic numbers: refusing them would protect nobody. The Internet
    /// of Things has 13 digits, and is refused by its length.
    private static let china: [NumberingRule] = [
        NumberingRule("CN", "86", trunk: "0", .digits(11, "13-19")),
        // 900 is premium rate, 58 are landlines, 81 to 83 personal numbers, 71 to 73 were pagers.
        NumberingRule("HK", "852", .digits(8, "44 46-47 51-57 59 60-69 701-705 709 840 843-849 901-989")),
        NumberingRule("MO", "853", .digits(8, "62-63 65-66 68")),
        // 99 are personal numbers.
        NumberingRule("TW", "886", trunk: "0", .digits(9, "90-98")),
    ]

    /// India's landlines share 6 to 8 with its mobile numbers, block by block.
    private static let asia: [NumberingRule] = [
        NumberingRule("BD", "880", trunk: "0", .digits(10, "13-19")),
        // 84 and 86 had satellite phones, 809 is premium rate.
        NumberingRule("ID", "62", trunk: "0", .digits(9...12, "81-83 85 87-89")),
        NumberingRule("IN", "91", trunk: "0", .digits(10, "6-9")),
        // 60 were personal numbers until lately, 50 is voice over IP, 20 pagers and machines.
        NumberingRule("JP", "81", trunk: "0", .digits(10, "70 80 90", then: "1-9")),
        NumberingRule(
            "KH", "855", trunk: "0", .digits(8, "10-17 60-61 66-67 69-70 77-79 81 83-87 89 90 92-93 95 98-99"),
            .digits(9, "12 18 31 38 71 76 88 96-97")),
        NumberingRule("KR", "82", trunk: "0", .digits(10, "102-109")),
        NumberingRule("LA", "856", trunk: "0", .digits(9, "30"), .digits(10, "202-203 205 207 209")),
        NumberingRule("LK", "94", trunk: "0", .digits(9, "70-72 740-744 75-78")),
        NumberingRule("MN", "976", trunk: "0", .digits(8, "50 55 60 66 69 80-81 83 85-86 88-89 90-91 93-99")),
        // 15 is voice over IP; 1300, 1600, 1700 and 1800 are service numbers.
        NumberingRule(
            "MY", "60", trunk: "0", .digits(9, "10 12 131-139 142-143 145-149 16 171-179 182-183 186-187 19"),
            .digits(10, "111-117")),
        NumberingRule("NP", "977", trunk: "0", .digits(10, "961-963 970 972 974-976 980-982 984-986 988")),
        NumberingRule("PH", "63", trunk: "0", .digits(10, "813 817 895-898 905-914 915-979 981-983 985 989 991-999")),
        NumberingRule("PK", "92", trunk: "0", .digits(10, "30-32 330-339 34 355 364 37")),
        // 3 and 6666 are voice over IP.
        NumberingRule("SG", "65", .digits(8, "801-809 81-89 90-98")),
        // 60 and 68 are voice over IP.
        NumberingRule("TH", "66", trunk: "0", .digits(9, "61-66 80-89 90-99")),
        NumberingRule(
            "VN", "84", trunk: "0", .digits(9, "32-39 52 55-56 58-59 70 76-79 81-88 896-899 90-94 96-98 993-999")),
    ]

    private static let pacific: [NumberingRule] = [
        NumberingRule("AU", "61", trunk: "0", .digits(9, "40-48 490-494 497-499")),
        NumberingRule("BN", "673", .digits(7, "7-8")),
        NumberingRule("NZ", "64", trunk: "0", .digits(8...10, "21"), .digits(9...10, "20 22 27-29")),
    ]

    /// North America and Mexico do not tell mobile numbers from landlines: their ranges are the area codes, without
    /// 500 and 700 (personal), 800 (free), 900 (premium rate) and their neighbours. The islands that share `+1` are
    /// other countries, some dear, and refused.
    private static let americas: [NumberingRule] = [
        // All area codes, each with the mobile numbers' 9.
        NumberingRule(
            "BR", "55", trunk: "0",
            .digits(11, "11-19 21-22 24 27-28 31-35 37-38 41-49 51 53-55 61-69 71 73-75 77 79 81-89 91-99", then: "9")),
        NumberingRule("CA", "1", trunk: "1", .digits(10, NorthAmericanAreaCodes.canada, then: exchanges)),
        NumberingRule("CL", "56", .digits(9, "93-99")),
        NumberingRule("CO", "57", trunk: "0", .digits(10, "300-305 310-323 3241-3249 350-351")),
        NumberingRule("EC", "593", trunk: "0", .digits(9, "939 958-959 960-963 967-969 978-979 98-99")),
        // Until 2019 mobile numbers had a 1 after the calling code, and many still write it.
        NumberingRule(
            "MX", "52", trunk: "1", .digits(10, "22-24 27-29 31-39 41-49 55-56 58-59 61-69 71-79 81-84 86-87 89 91-99")),
        NumberingRule("PE", "51", trunk: "0", .digits(9, "9")),
        NumberingRule("US", "1", trunk: "1", .digits(10, NorthAmericanAreaCodes.unitedStates, then: exchanges)),
    ]

    /// 211, 311, … 911 are services.
    private static let exchanges =
        "200-210 212-310 312-410 412-510 512-610 612-710 712-810 812-910 912-999"

    private static let europe: [NumberingRule] = [
        NumberingRule("AT", "43", trunk: "0", .digits(9...13, "650-653 655 657 659-661 663-699")),
        NumberingRule("BE", "32", trunk: "0", .digits(9, "45-49")),
        NumberingRule("BG", "359", trunk: "0", .digits(9, "87-89 98")),
        // 74 are pagers.
        NumberingRule("CH", "41", trunk: "0", .digits(9, "75-79")),
        NumberingRule("CY", "357", .digits(8, "94-97 99")),
        NumberingRule("CZ", "420", .digits(9, "601-608 702-705 720-739 770-779 790-799")),
        // 164, 168 and 169 are pagers, 700 personal numbers.
        NumberingRule(
            "DE", "49", trunk: "0", .digits(11, "150-152 155-159"), .digits(10...11, "160 162-163 170-179")),
        NumberingRule("DK", "45", .digits(8, "20-31 40-42 50-53 60-61 71 81 91-93")),
        NumberingRule("EE", "372", .digits(7...8, "5"), .digits(8, "81-84")),
        NumberingRule("ES", "34", .digits(9, "6 71-74")),
        NumberingRule("FI", "358", trunk: "0", .digits(8...10, "40-46 50")),
        // 639 is Mayotte, 70 to 72 are machines.
        NumberingRule("FR", "33", trunk: "0", .digits(9, "60-62 630-638 64-68 695 698-699 73-79")),
        // 70 are personal numbers, 76 pagers; what is left out between are Jersey, Guernsey and the Isle of Man.
        NumberingRule(
            "GB", "44", trunk: "0",
            .digits(
                10,
                """
                7100-7399 7400-7508 7510-7523 7525-7599 7701-7780 7782-7796 7798-7828 7830-7838 7840-7910 7912-7936 \
                7938-7999
                """)),
        NumberingRule("GR", "30", .digits(10, "69")),
        NumberingRule("HR", "385", trunk: "0", .digits(8, "98"), .digits(9, "91-92 95 976-979 99")),
        NumberingRule("HU", "36", trunk: "06", .digits(9, "20 30-31 50 70")),
        NumberingRule("IE", "353", trunk: "0", .digits(9, "822 83 85-89")),
        NumberingRule(
            "IS", "354",
            .digits(
                7,
                """
                611-618 620-626 630 632 636-639 640-641 644 646-647 649-651 655 659-666 669-670 680 686-688 69 \
                76-79 820-825 829 83-86 89
                """)),
        NumberingRule("IT", "39", .digits(9...10, "32-39")),
        NumberingRule("LT", "370", trunk: "0 8", .digits(8, "6")),
        NumberingRule(
            "LU", "352", .digits(9, "621 628 651 655-656 658 661 668 671 678-679 681 691-692 698")),
        NumberingRule("LV", "371", .digits(8, "20-29")),
        NumberingRule("MT", "356", .digits(8, "77 79 92 99")),
        // 66 are pagers, 67 and 97 machines.
        NumberingRule("NL", "31", trunk: "0", .digits(9, "61-65 68")),
        NumberingRule("NO", "47", .digits(8, "40-41 45-48 90-99")),
        NumberingRule("PL", "48", .digits(9, "45 50-51 53 57 60 66 69 72-73 78-79 88")),
        NumberingRule("PT", "351", .digits(9, "91-93 96")),
        NumberingRule("RO", "40", trunk: "0", .digits(9, "701 703-713 72-77 780 783-788 790-793 799")),
        // 74 are pagers, 75 personal numbers, 71 machines.
        NumberingRule("SE", "46", trunk: "0", .digits(9, "70 72-73 76 79")),
        NumberingRule("SI", "386", trunk: "0", .digits(8, "30-31 40-41 43 51 64 68-71")),
        NumberingRule("SK", "421", trunk: "0", .digits(9, "901-908 910-912 914-919 940 943-945 947-949 95")),
    ]

    private static let formerSoviet: [NumberingRule] = [
        // 751 is voice over IP, 809 premium rate.
        NumberingRule("KZ", "7", trunk: "8", .digits(10, "700-702 705-708 747 771 775-778")),
        // 954 are satellite phones; 940 is Abkhazia.
        NumberingRule("RU", "7", trunk: "8", .digits(10, "900-939 941-953 955-999")),
        NumberingRule("UA", "380", trunk: "0", .digits(9, "39 50 63 66-68 73 75 77 91-99")),
        NumberingRule("UZ", "998", .digits(9, "20 33 50 77 80 87-88 90-95 97-99")),
    ]

    private static let westAsiaAndAfrica: [NumberingRule] = [
        NumberingRule("AE", "971", trunk: "0", .digits(9, "50 52-56 58")),
        NumberingRule("BH", "973", .digits(8, "31-37 380-385 387-389 39")),
        NumberingRule("EG", "20", trunk: "0", .digits(10, "10-12 15")),
        NumberingRule("ET", "251", trunk: "0", .digits(9, "70 710-718 721-723 725-727 729 73 91-99")),
        NumberingRule("GH", "233", trunk: "0", .digits(9, "20 23-24 256-257 26-27 50 53-57 59")),
        // 55 is in parts voice over IP; 56 and 59 are Palestinian.
        NumberingRule(
            "IL", "972", trunk: "0",
            .digits(
                9,
                """
                50-53 542-549 5501 552 5530-5533 5543-5545 5550-5552 5555-5556 5558-5559 5566-5568 5570-5572 5576-5577 \
                5587-5589 5591-5599 583-587
                """)),
        NumberingRule("JO", "962", trunk: "0", .digits(9, "77-79")),
        NumberingRule("KE", "254", trunk: "0", .digits(9, "7 100-108 110-119")),
        NumberingRule("KW", "965", .digits(8, "50 55 60 65-67 69 90 94 96-97 99")),
        NumberingRule("MA", "212", trunk: "0", .digits(9, "60-67 69 680-682 684 687-689 70-71 720-728 76-78")),
        NumberingRule("NG", "234", trunk: "0", .digits(10, "701-709 802-809 810-818 901-909 911-916")),
        // 900 is premium rate.
        NumberingRule("OM", "968", .digits(8, "71-72 74-79 91-99")),
        NumberingRule("QA", "974", .digits(8, "3 5-7")),
        NumberingRule("SA", "966", trunk: "0", .digits(9, "50-51 53-56 570-578 58-59")),
        NumberingRule("TR", "90", trunk: "0", .digits(10, "50 53-55")),
        NumberingRule("TZ", "255", trunk: "0", .digits(9, "61-62 65-69 71-79")),
        // 86 is shared cost, 87 voice over IP.
        NumberingRule("ZA", "27", trunk: "0", .digits(9, "6 71-79 81-84")),
    ]
}
