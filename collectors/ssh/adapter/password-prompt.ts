/** Questions that a password may answer. Everything else is left unanswered: it may ask for a new password, or for a code. */
const QUESTIONS: readonly RegExp[] = [
  /^password:?\s{0,4}$/iu,
  // FreeBSD's PAM: "Password for admin@fw.example:".
  /^password for [^\s:]{1,253}:\s{0,4}$/iu,
  // Some network devices ask as an ssh client would: "admin@10.0.0.1's password:".
  /^[^\s:]{1,253}'s password:\s{0,4}$/iu,
];

/** A question of keyboard-interactive authentication (RFC 4256 section 3.2). */
export interface Question {
  readonly prompt: string;
  readonly echo?: boolean;
}

/** Whether this is one hidden question for the password of now, and nothing else. */
export function asksForPassword(questions: readonly Question[]): boolean {
  const [question] = questions;
  if (question === undefined || questions.length !== 1 || question.echo === true) return false;
  return QUESTIONS.some((known) => known.test(question.prompt));
}

/** Whether text that came with a question says that the password is to be changed. */
export function asksForNewPassword(...texts: readonly string[]): boolean {
  return texts.some((text) =>
    /\bnew .{0,40}password|password .{0,60}(?:expired|chang)|change .{0,60}password/isu.test(text.slice(0, 4096)),
  );
}

/** Whether a banner or message says that only exception users may come in (VMware KB 1008077, 395362). */
export function saysLockdown(...texts: readonly string[]): boolean {
  return texts.some((text) => /lockdown mode|permission is denied/iu.test(text.slice(0, 4096)));
}
