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
    'pam_unix({_}:auth): authentication failure; logname={...}rhost={srcip} user={user}',
    'pam_unix({_}:auth): authentication failure; logname={...}user={user} -',
    'Login failed for user {user} -',
  ),
  event(
    'authentication',
    'login',
    'success',
    'pam_unix({_}:session): session opened for user {userWord}',
    'Session opened for {userWord} on {@ascribe.line}',
    "Session opened for '{user}' on {@ascribe.line}",
  ),
  event(
    'authentication',
    'logout',
    undefined,
    'pam_unix({_}:session): session closed for user {userWord}',
    'Received disconnect from user {userWord} {srcip} port {srcport}',
    'Disconnected from user {userWord} {srcip} port {srcport}',
    "Session closed for '{user}' on {@ascribe.line}",
  ),
  event(
    'process',
    'command',
    undefined,
    '{user}: TTY={@ascribe.line} ; PWD={...} ; USER={@ascribe.target_user} ; COMMAND={command} - sudo',
    '{user}: TTY={@ascribe.line} ; PWD={...} ; USER={@ascribe.target_user} ; COMMAND={command}',
  ),
];
