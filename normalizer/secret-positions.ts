import { ATTACHED_PASSWORD, PROGRAM_OPTIONS, READS_SECRET } from './mask-secrets.data';
import { type Word, isAddress, lowerOf, someNaming } from './secret-words';

/**
 * Secrets that no keyword announces, only their place in the command. Index of the secret, -1 when the word at `i` is known
 * to announce none, `undefined` when it is none of these.
 */
export function positionalSecret(words: readonly Word[], i: number): number | undefined {
  const text = words[i]?.text ?? '';
  if (text.startsWith('-')) return optionSecret(words, i, text);
  switch (lowerOf(words, i)) {
    case 'host':
      return hostSecret(words, i);
    case 'authentication':
      return groupAuthentication(words, i);
    case 'community':
      return unauthorizedCommunity(words, i);
    case 'token':
      // VyOS: `set service monitoring telegraf influxdb authentication token S`
      return lowerOf(words, i - 1) === 'authentication' ? inside(words, i + 1) : undefined;
    case 'ah':
    case 'cipher':
    case 'authenticator':
      return manualKey(words, i);
    case 'esp':
    case 'sha1':
      return ospfKey(words, i);
    case 'mail-server':
      return /:.*@/.test(words[i + 1]?.text ?? '') ? i + 1 : undefined;
    case 'echo':
    case 'printf':
      return pipedSecret(words, i);
    case 'pkcs12':
    case 'pem':
      return exportSecret(words, i);
    default:
      return undefined;
  }
}

function optionSecret(words: readonly Word[], i: number, option: string): number | undefined {
  if (isEsxcli(words)) {
    const taken = esxcliOptions(words).includes(option);
    if (taken) return inside(words, i + 1);
  }
  for (let at = Math.max(0, i - 32); at < i; at++) {
    const program = programOf(words, at);
    if (ATTACHED_PASSWORD.has(program) && option.startsWith('-p') && option.length > 2) return i;
    if (PROGRAM_OPTIONS.get(program)?.includes(option) === true) return inside(words, i + 1);
  }
  return undefined;
}

/** `esxcli system account set -i N -p S -c S`, `esxcli system snmp set -c S`, `esxcli -u U -p S`: `-p` is also a port group. */
function esxcliOptions(words: readonly Word[]): readonly string[] {
  const has = (word: string): boolean => someNaming(words, (lower) => lower === word);
  if (has('account')) return ['-p', '-c'];
  if (has('snmp')) return has('hash') ? ['-A', '-X'] : ['-c', '-u', '-R', '--users'];
  if (has('chap')) return ['-S'];
  return has('-u') || has('--username') ? ['-p'] : [];
}

function isEsxcli(words: readonly Word[]): boolean {
  return someNaming(words, (lower) => lower.endsWith('esxcli') || lower.endsWith('localcli'));
}

function programOf(words: readonly Word[], at: number): string {
  const word = lowerOf(words, at);
  return word.slice(word.lastIndexOf('/') + 1);
}

/** `snmp-server host A version 2c S`, `snmp-server host A traps S`, `aaa-server G (IF) host A S`. */
function hostSecret(words: readonly Word[], i: number): number | undefined {
  const first = lowerOf(words, i - 1);
  if (first.startsWith('snmp')) return trapHost(words, i);
  if (!someNaming(words, (lower) => lower === 'aaa-server', i)) return undefined;
  const next = lowerOf(words, i + 2);
  return next === '' || next === 'key' || next === 'timeout' ? undefined : inside(words, i + 2);
}

function trapHost(words: readonly Word[], i: number): number {
  // An ASA names the interface before the address.
  let at = isAddress(lowerOf(words, i + 2)) && !isAddress(lowerOf(words, i + 1)) ? i + 3 : i + 2;
  while (at < words.length) {
    switch (lowerOf(words, at)) {
      case 'trap':
      case 'traps':
      case 'inform':
      case 'informs':
      case 'poll':
      case 'encrypted':
      case 'clear':
      case '0':
      case '7':
        at++;
        break;
      case 'vrf':
      case 'use-vrf':
      case 'udp-port':
      case 'source-interface':
      case 'filter-vrf':
        at += 2;
        break;
      case 'version':
        if (lowerOf(words, at + 1) === '3') return -1;
        at += 2;
        break;
      case 'community':
        return -1;
      default:
        return at;
    }
  }
  return -1;
}

/**
 * `standby 1 authentication S`, `vrrp 1 authentication text S`, `ip nhrp authentication S`; inside a block
 * `authentication text S` (NX-OS, HSRP), `authentication mode hmac-sha-256 7 S` (named EIGRP).
 */
function groupAuthentication(words: readonly Word[], i: number): number | undefined {
  if (i === 2 && lowerOf(words, 1) === 'nhrp') return inside(words, i + 1);
  if (i === 0 && lowerOf(words, 1) === 'text') return inside(words, 2);
  if (i === 0 && lowerOf(words, 1) === 'mode' && words.length > 3) return words.length - 1;
  const first = lowerOf(words, 0) === 'no' ? lowerOf(words, 1) : lowerOf(words, 0);
  if (first !== 'standby' && first !== 'vrrp' && first !== 'glbp' && first !== 'hsrp') return undefined;
  const next = lowerOf(words, i + 1);
  if (next === 'md5' || next === 'mode') return undefined;
  return inside(words, next === 'text' ? i + 2 : i + 1);
}

/** IOS crypto maps: `set session-key inbound ah SPI S`, `… outbound esp SPI cipher S authenticator S`. */
function manualKey(words: readonly Word[], i: number): number | undefined {
  if (!someNaming(words, (lower) => lower === 'session-key', i)) return undefined;
  return inside(words, lowerOf(words, i) === 'ah' ? i + 2 : i + 1);
}

/** OSPFv3: `authentication ipsec spi N sha1 [0|7] S`, `encryption ipsec spi N esp aes-cbc 128 [0|7] S sha1 [0|7] S`. */
function ospfKey(words: readonly Word[], i: number): number | undefined {
  if (!someNaming(words, (lower) => lower === 'spi', i)) return undefined;
  let at = i + 1;
  if (lowerOf(words, i) === 'esp') {
    if (lowerOf(words, at) === 'null') return -1;
    at += lowerOf(words, at) === 'aes-cbc' ? 2 : 1;
  }
  const encoding = lowerOf(words, at);
  return inside(words, encoding === '0' || encoding === '7' ? at + 1 : at);
}

/** `echo S | passwd --stdin root`, `echo "root:S" | chpasswd`, `echo S | sudo -S …`. */
function pipedSecret(words: readonly Word[], i: number): number | undefined {
  const pipe = words.findIndex(({ text }, at) => at > i && at <= i + 32 && text === '|');
  if (pipe < 0 || !READS_SECRET.has(programOf(words, pipe + 1))) return undefined;
  let at = i + 1;
  while (at < pipe && words[at]?.text.startsWith('-') === true) at++;
  return at < pipe ? at : undefined;
}

/** Junos: `unauthorized SNMP community from A to B (S)`. */
function unauthorizedCommunity(words: readonly Word[], i: number): number | undefined {
  if (lowerOf(words, i - 1) !== 'snmp' || lowerOf(words, i + 1) !== 'from') return undefined;
  const last = words.length - 1;
  return words[last]?.text.startsWith('(') === true ? last : -1;
}

/** `crypto ca import T pkcs12 S`, `crypto key export rsa K pem terminal 3des S`: the last word. */
function exportSecret(words: readonly Word[], i: number): number | undefined {
  const last = words.length - 1;
  if (!lowerOf(words, 0).endsWith('crypto') || last === i) return undefined;
  const word = words[last]?.text ?? '';
  return word === 'terminal' || word.includes(':/') ? undefined : last;
}

function inside(words: readonly Word[], at: number): number {
  return at < words.length ? at : -1;
}
