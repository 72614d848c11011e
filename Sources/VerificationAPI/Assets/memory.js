// What outlives a reload: the choice of language, and this tab's verification. Where the browser stores nothing, the
// page works without.

function attempt(step) {
  try {
    return step();
  } catch {
    return null;
  }
}

export const chosenLanguage = () => attempt(() => localStorage.getItem("language"));
export const chooseLanguage = (language) => attempt(() => localStorage.setItem("language", language));

// { mobile, id, expiresAt, resendAt }: times in milliseconds, no id when there is only a wait to keep. Never the code.
export const recall = () => attempt(() => JSON.parse(sessionStorage.getItem("verification"))) ?? {};
export const remember = (verification) =>
  attempt(() => sessionStorage.setItem("verification", JSON.stringify(verification)));
