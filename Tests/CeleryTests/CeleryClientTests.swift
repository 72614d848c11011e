import RedisClient
import TaskQueue
import TestSupport
import Testing

/// A real Celery client calls tasks of our worker, in every form that a call may have.
@Suite(.timeLimit(.minutes(5))) struct CeleryClientTests {
    @Test func everyFormOfCallIsUnderstood() async throws {
        try await CelerySystem.run { system in
            let python = system.python
            try await system.withOurWorker {
                try await python.expect("value(add.delay(2, 3))", gives: "5")
                try await python.expect("value(add.delay(2, y=3))", gives: "5")
                try await python.expect("value(add.delay(y=3, x=2))", gives: "5")
                try await python.expect(
                    "value(task('greet', 'Zoë 好 🎉', times=2).delay())", gives: "'Hello Zoë 好 🎉, Hello Zoë 好 🎉'")
                try await python.expect(
                    """
                    options = dict(task_id="chosen", shadow="other", time_limit=30, soft_time_limit=20.5)
                    result = task("circumstances").apply_async(headers={"trace": "abc"}, reply_to="me", **options)
                    [value(result)[name] for name in ("id", "trace", "limits", "queue")]
                    """, gives: "['chosen', 'abc', [30, 20.5], 'celery']")
                try await python.expect(
                    """
                    stamped = add.s(2, 3)
                    stamped.stamp(customer="abc")
                    value(stamped.apply_async())
                    """, gives: "5")
            }
            #expect(try await system.statistic("dead") == 0)
        }
    }

    @Test func noResultIsStoredForWhoWantsNone() async throws {
        try await CelerySystem.run { system in
            try await system.withOurWorker {
                try await system.python.run("result = mark.apply_async((7,), ignore_result=True)")
                try await eventually("it has run") { try await system.statistic("succeeded") == 1 }
                #expect(try await system.notes() == ["swift 7"])
                try await system.python.expect("AsyncResult(result.id).state", gives: "'PENDING'")
            }
        }
    }

    @Test func tasksWaitForTheirTime() async throws {
        try await CelerySystem.run { system in
            try await system.withOurWorker {
                // Times are whole milliseconds to us: half of the wait is what must have passed in any case.
                for option in [
                    "countdown=1",
                    "eta=datetime.now(timezone(timedelta(hours=8))) + timedelta(seconds=1)",
                    "eta=datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(seconds=1)",
                ] {
                    try await system.python.expect(
                        """
                        start = time.time()
                        value(task("clock").apply_async(\(option))) - start > 0.5
                        """, gives: "True")
                }
            }
            #expect(try await system.statistic("scheduled") == 3)
        }
    }

    @Test func tasksExpire() async throws {
        try await CelerySystem.run { system in
            let python = system.python
            try await python.run(
                """
                now = datetime.now(timezone.utc)
                expiring = [
                    mark.apply_async((1,), expires=0.001),
                    mark.apply_async((2,), expires=now),
                    mark.apply_async((3,), expires=300),
                    mark.apply_async((4,), expires=now + timedelta(hours=1)),
                ]
                time.sleep(0.01)
                """)
            try await system.withOurWorker {
                for index in 0...1 {
                    try await python.expect(
                        "value(expiring[\(index)])", raises: "celery.exceptions.TaskRevokedError('expired',)")
                }
                try await python.expect("[value(result) for result in expiring[2:]]", gives: "[None, None]")
                try await python.expect(
                    "[result.state for result in expiring]", gives: "['REVOKED', 'REVOKED', 'SUCCESS', 'SUCCESS']")
            }
            #expect(try await system.notes().sorted() == ["swift 3", "swift 4"])
            #expect(try await system.statistic("expired") == 2)
        }
    }

    @Test func theMostUrgentRunsFirst() async throws {
        try await CelerySystem.run {
            $0.concurrency = 1
        } _: { system in
            try await system.python.run(
                "waiting = [mark.apply_async((p,), priority=p) for p in (9, 4, 3, 0)] + [mark.delay(10)]")
            try await system.withOurWorker {
                try await system.python.run("[value(result) for result in waiting]")
            }
            // 3 and 4 share a band; none is 0.
            #expect(
                try await system.notes() == ["swift 0", "swift 10", "swift 4", "swift 3", "swift 9"])
        }
    }

    @Test func compressedAndPlainBodiesAreRead() async throws {
        try await CelerySystem.run { system in
            let python = system.python
            try await python.run(
                """
                plain = Celery("plain", broker=BROKER_URL, backend=BROKER_URL, set_as_current=False)
                plain.conf.broker_transport_options = {"body_encoding": "utf-8"}
                name = "好" * 2000
                """)
            try await system.withOurWorker {
                for compression in ["zlib", "gzip", "bzip2"] {
                    for client in ["app", "plain"] {
                        try await python.expect(
                            """
                            result = \(client).send_task("greet", (name, 2), compression="\(compression)")
                            value(result) == f"Hello {name}, Hello {name}"
                            """, gives: "True")
                    }
                }
                try await python.expect("value(plain.send_task('greet', ('好', 1)))", gives: "'Hello 好'")
            }
        }
    }

    @Test func whatCannotBeReadFailsAndIsKept() async throws {
        try await CelerySystem.run { system in
            let python = system.python
            try await system.withOurWorker {
                for serializer in ["yaml", "msgpack", "pickle"] {
                    try await python.expect(
                        "value(add.apply_async((2, 3), serializer='\(serializer)'))",
                        raises: "kombu.exceptions.ContentDisallowed(")
                }
                try await python.expect("value(add.delay(float('nan'), 1))", raises: "kombu.exceptions.DecodeError(")
                try await python.expect(
                    "value(task('unheard_of', 1).delay())", raises: "celery.exceptions.NotRegistered('unheard_of',)")
                try await python.expect("value(task('greet', 'Ada').delay())", raises: "builtins.TypeError('greet: ")
                try await python.expect(
                    "value(task('greet', 'Ada', 'twice').delay())", raises: "builtins.TypeError('greet: ")
                try await eventually("they are dead letters") { try await system.statistic("dead") == 7 }
            }
            let letters = try await QueueInspector(client: system.client, queue: "celery").deadLetters.list(limit: 10)
            let reasons = ["content-type", "content-type", "content-type", "malformed", "unknown-task"]
            #expect(letters.map(\.reason).reversed() == reasons + ["arguments", "arguments"])
        }
    }

    // MARK: - Size

    private struct Code: TaskArguments {
        var mobile, smsCode: String
        static let parameterNames = ["mobile", "smsCode"]
    }

    @Test func ourMessageIsAtMostHalfAsLongAsCelerys() async throws {
        try await CelerySystem.run { system in
            try await system.python.run(
                "task('ccp_send_sms_code', '13800000000', '482913').apply_async(expires=300, queue='theirs')")
            let task = TaskDefinition<Code, Int>("ccp_send_sms_code", options: TaskOptions(expires: .seconds(300)))
            try await system.producer.enqueue(task, Code(mobile: "13800000000", smsCode: "482913"), queue: "ours")
            let theirs = try await system.client.listElements("theirs", from: 0, to: -1)
            let ours = try await system.client.listElements("ours", from: 0, to: -1)
            try #require(theirs.count == 1 && ours.count == 1)
            #expect(ours[0].count * 2 <= theirs[0].count, "\(ours[0].count) and \(theirs[0].count) bytes")
        }
    }
}
