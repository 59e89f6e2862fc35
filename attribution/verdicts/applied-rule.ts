import type { Held } from '../../store/analysis/evidence-record';
import type { AppliedRule, VerdictStep } from '../../store/analysis/verdict-record';
import { type AccountSpan, wantedOf } from './account-claims';
import type { Evidence } from './evidence';
import { extraText } from './held-extra';
import type { SessionTime } from './session-time';
import { fitOf } from './translation-claim';

/** The rule that let a session out, and the steps that say so. */
export interface RuleFound {
  readonly rule: AppliedRule;
  readonly steps: readonly VerdictStep[];
  /** Device names the log gives for the session's user. */
  readonly user: string | null;
}

/** What firewalls say of a session: the rule they name, and where it stands. */
export function ruleOf(evidence: Evidence, spans: readonly AccountSpan[], time: SessionTime): RuleFound | undefined {
  const [first] = spans
    .flatMap((span) => {
      const named = span.accounts.find(({ ruleName, ruleId }) => ruleName !== null || ruleId !== null);
      const fit = named === undefined ? undefined : fitOf(span, wantedOf(span, time), false);
      if (named === undefined || fit === undefined) return [];
      return [{ span, named, penalty: fit.penalty + (1 - fit.share) }];
    })
    .sort((a, b) => a.penalty - b.penalty || a.named.at - b.named.at || a.named.rawSeq - b.named.rawSeq);
  return first === undefined ? undefined : found(evidence, first.span, first.named, time);
}

function found(
  evidence: Evidence,
  span: AccountSpan,
  named: AccountSpan['accounts'][number],
  time: SessionTime,
): RuleFound {
  const { device, parser, ruleName, ruleId } = named;
  const both = ruleName !== null && ruleId !== null ? `${ruleName} ${ruleId}` : null;
  const line = lineOf(evidence, device, [both, ruleId, ruleName], time.start);
  const name = ruleName ?? '';
  const id = ruleId ?? '';
  const rule: AppliedRule = {
    device,
    name,
    id,
    configVersion: line === undefined ? '' : line.value.slice(0, Math.max(0, line.value.lastIndexOf(':'))),
    line: line === undefined ? 0 : Number(line.value.slice(line.value.lastIndexOf(':') + 1)) || 0,
    author: extraText(line, 'ascribe.config.author') ?? '',
    committedAt: committedAt(line),
    text: extraText(line, 'ascribe.config.text') ?? '',
  };
  const step: VerdictStep = {
    relation: 'rule',
    from: [name, id].filter((part) => part !== '').join(' '),
    to: line === undefined ? 'its line is not known' : `${line.value} ${rule.text.split('\n', 1)[0]}`.trim(),
    device,
    parser,
    validFrom: span.from,
    validTo: span.to,
    clockOffset: span.offset,
    confidence: 0.99,
    rawSeqs: [
      ...new Set([...span.accounts.map(({ rawSeq }) => rawSeq), ...(line === undefined ? [] : [line.lastSeq])]),
    ].sort((a, b) => a - b),
    detail: '',
  };
  return { rule, steps: [step], user: named.user };
}

/** The line of the rule in the configuration that the device had then; the version seen last before it. */
function lineOf(evidence: Evidence, device: string, names: readonly (string | null)[], at: number): Held | undefined {
  for (const name of names) {
    if (name === null) continue;
    const lines = evidence
      .held('rule-config', name)
      .filter((held) => held.device === device && held.fromLo <= at && at <= held.toHi)
      .sort((a, b) => Number(b.fromHi <= at) - Number(a.fromHi <= at) || b.fromHi - a.fromHi || b.num - a.num);
    if (lines[0] !== undefined) return lines[0];
  }
  return undefined;
}

function committedAt(line: Held | undefined): number {
  const text = extraText(line, 'ascribe.config.committed_at');
  if (text === undefined) return 0;
  const time = /^\d+$/u.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(time) ? Math.round(time) : 0;
}
