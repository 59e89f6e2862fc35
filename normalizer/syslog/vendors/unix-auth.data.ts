import { type EventRow, event } from './rows';

/**
 * What sshd, PAM, sudo and su write on any Unix underneath a device (OpenSSH `auth.c`, Linux-PAM `pam_unix`, sudo's
 * "Log format"). Tried in this order; slots are in `event-slots.ts`.
 */
export const UNIX_AUTH: readonly EventRow[] = [
  event('authentication', 'login', 'success', 'Accepted {@ascribe.auth_method} for {user} from {srcip} port {srcport}'),
  event(
    'authentication',
    'login',
    'failure',
    // An empty name leaves two blanks.
    'Failed {@ascribe.auth_method} for invalid user from {srcip} port {srcport}',
    'Invalid user from {srcip} port {srcport}',
    'Failed {@ascribe.auth_method} for invalid user {user} from {srcip} port {srcport}',
    'Failed {@ascribe.auth_method} for illegal user {user} from {srcip} port {srcport}',
    'Failed {@ascribe.auth_method} for {user} from {srcip} port {srcport}',
    'Invalid user {user} from {srcip} port {srcport}',
    'Invalid user {user} from {srcip}',
    'error: PAM: {@event.reason+} for illegal user {user} from {srcip}',
    'error: PAM: {@event.reason+} for {user} from {srcip}',
    'error: maximum authentication attempts exceeded for invalid user {user} from {srcip} port {srcport}',
    'error: maximum authentication attempts exceeded for {user} from {srcip} port {srcport}',
    'pam_aaa: Authentication failed for user {user} from {srcip}',
    'pam_aaa: Authentication failed from {srcip}',
    '{_}(sshd:auth): authentication failure; logname={...}rhost={srcip} user={user}',
    '{_}(sshd:auth): authentication failure; logname={...}rhost={srcip}',
    'pam_unix({_}:auth): authentication failure; logname={...}rhost={srcip} user={user}',
    'pam_unix({_}:auth): authentication failure; logname={...}user={user} -',
    'Login failed for user {user} -',
    'User {user} from {srcip} not allowed because {@event.reason+}',
    "Bad password attempt for '{user}' from {srcColon}",
    "Login attempt for nonexistent user '{user}' from {srcColon}",
    'Login attempt for nonexistent user from {srcColon}',
    'FAILED LOGIN {_} FROM {srcip} FOR {user}, {@event.reason+}',
    'FAILED SU (to {@ascribe.target_user}) {user} on {@ascribe.line}',
    'FAILED su for {@ascribe.target_user} by {user}',
  ),
  event(
    'authentication',
    'login',
    'success',
    "Password auth succeeded for '{user}' from {srcColon}",
    "Pubkey auth succeeded for '{user}' with {_} key {@ascribe.key} from {srcColon}",
    "Pubkey auth succeeded for '{user}' with key {@ascribe.key} from {srcColon}",
    '(to {@ascribe.target_user}) {user} on {@ascribe.line}',
    'Successful su for {@ascribe.target_user} by {user}',
    // pam_unix since Linux-PAM 1.4 writes the id behind the name.
    'pam_unix({_}:session): session opened for user {userWord}(uid={_}',
    'pam_unix({_}:session): session opened for user {userWord}',
    "Session opened for '{user}' on {@ascribe.line}",
    'Session opened for {userWord} on {@ascribe.line}',
  ),
  event(
    'authentication',
    'logout',
    undefined,
    'pam_unix({_}:session): session closed for user {userWord}',
    'Received disconnect from user {userWord} {srcip} port {srcport}',
    'Disconnected from user {userWord} {srcip} port {srcport}',
    "Session closed for '{user}' on {@ascribe.line}",
    'Exit ({user}) from <{srcColon}>',
  ),
  event(
    'process',
    'command',
    undefined,
    '{user}: TTY={@ascribe.line} ; PWD={...} ; USER={@ascribe.target_user} ; COMMAND={command} - sudo',
    '{user}: TTY={@ascribe.line} ; PWD={...} ; USER={@ascribe.target_user} ; COMMAND={command}',
    // `TSID=` (I/O log), `ENV=`, `GROUP=` stand between.
    '{user}: TTY={@ascribe.line} ; PWD={...} ; USER={@ascribe.target_user} ; {...} ; COMMAND={command}',
    '{user}: PWD={...} ; USER={@ascribe.target_user} ; COMMAND={command}',
    '{user}: PWD={...} ; USER={@ascribe.target_user} ; {...} ; COMMAND={command}',
  ),
  event(
    'process',
    'command',
    'failure',
    '{user}: command not allowed ; TTY={@ascribe.line} ; PWD={...} ; USER={@ascribe.target_user} ; COMMAND={command}',
    '{user}: user NOT in sudoers ; TTY={@ascribe.line} ; PWD={...} ; USER={@ascribe.target_user} ; COMMAND={command}',
    '{user}: a password is required ; TTY={@ascribe.line} ; PWD={...} ; USER={@ascribe.target_user} ; COMMAND={command}',
    '{user}: {#ascribe.attempts} incorrect password attempts ; TTY={@ascribe.line} ; PWD={...} ; ' +
      'USER={@ascribe.target_user} ; COMMAND={command}',
    '{user}: {#ascribe.attempts} incorrect password attempt ; TTY={@ascribe.line} ; PWD={...} ; ' +
      'USER={@ascribe.target_user} ; COMMAND={command}',
  ),
  // shadow-utils: useradd, usermod, userdel, gpasswd; pam_unix of passwd.
  event(
    'iam',
    'account_change',
    'success',
    'new user: name={user}, UID={...}',
    "delete user '{user}'",
    "add '{user}' to group '{@group.name}'",
    "add '{user}' to shadow group '{@group.name}'",
    "delete '{user}' from group '{@group.name}'",
    "change user '{user}' {@event.reason+}",
    'pam_unix({_}:chauthtok): password changed for {user}',
  ),
];
