import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { markdownText, plainText } from '../../attribution/coverage/plain-text';
import { playbook, type PlaybookStep } from '../../attribution/investigation/playbook';
import { openCasework, openCaseworkForReading } from '../../store/casework/casework-db';
import { addDecision, type Decision, decisionsOf } from '../../store/casework/decisions';
import { findingDetail } from '../../store/queries/findings';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { dataLayout } from '../data-layout';
import { CommandError, EXIT } from '../exit-codes';
import { jsonPage, type JsonValue } from '../output/ndjson';
import { readAnalysis } from './analysis';
import { requireDataDirectory } from './data-directory';
import { findingEcs } from './findings-answer';
import { investigationFacts } from './investigation-facts';
import { words } from './sessions-answer';

export interface InvestigateQuery {
  readonly id: string;
  readonly step?: number;
  readonly decide?: string;
  readonly by?: string;
  readonly file?: string;
}

const MOST_MATCHES = 20;

/** Answers `investigate`. */
export function showInvestigation(context: CommandContext, query: InvestigateQuery): CommandResult {
  const { file } = query;
  if (file !== undefined && !/\.(?:md|json)$/u.test(file)) {
    throw new CommandError('usage', '--export takes a file that ends in .md or .json', EXIT.usage);
  }
  const found = readAnalysis(context, (db) => {
    const detail = findingDetail(db, query.id, MOST_MATCHES);
    return detail && { finding: detail.finding, steps: playbook(investigationFacts(context, db, detail)) };
  });
  if (found === undefined) {
    context.note(`no finding, or more than one, begins with ${query.id}`);
    return EXIT.nothing;
  }
  const { finding, steps } = found;
  const decisions = decide(context, words(finding['id']), query);
  const shown = query.step === undefined ? steps : steps.filter(({ number }) => number === query.step);
  const json = jsonOf(findingEcs(finding), shown, decisions);
  if (file !== undefined) {
    const text = file.endsWith('.json')
      ? `${jsonPage(json)}\n`
      : `${linesOf(context, steps, decisions, true).join('\n')}\n`;
    writeFileSync(file, text, { mode: 0o640 });
    context.note(`wrote ${file}`);
    return EXIT.done;
  }
  if (context.json) context.printJson(json);
  else for (const line of linesOf(context, shown, decisions, false)) context.print(line);
  return EXIT.done;
}

function decide(context: CommandContext, finding: string, { step, decide: text, by }: InvestigateQuery): Decision[] {
  const path = dataLayout(requireDataDirectory(context)).casework;
  if (text !== undefined && step !== undefined) {
    const db = openCasework(path);
    try {
      addDecision(db, { finding, step, text, decidedBy: by ?? userInfo().username, at: Date.now() });
      return decisionsOf(db, finding);
    } finally {
      db.close();
    }
  }
  const db = openCaseworkForReading(path);
  if (db === undefined) return [];
  try {
    return decisionsOf(db, finding);
  } finally {
    db.close();
  }
}

function linesOf(
  context: CommandContext,
  steps: readonly PlaybookStep[],
  decisions: readonly Decision[],
  markdown: boolean,
): string[] {
  // What devices wrote may hold line ends and markup; a fact stays one line.
  const shown = markdown ? markdownText : plainText;
  return steps.flatMap(({ number, title, facts, question }) => [
    markdown ? `## ${number}. ${title}` : `${number}. ${title}`,
    ...(markdown ? [''] : []),
    ...facts.map((fact) => (markdown ? `- ${markdownText(fact)}` : `   ${plainText(fact)}`)),
    ...(markdown ? [''] : []),
    `${markdown ? '' : '   '}? ${shown(question)}`,
    ...decisions
      .filter((decision) => decision.step === number)
      .map(
        ({ text, decidedBy, at }) =>
          `${markdown ? '' : '   '}= ${context.formatTime(at)} ${shown(decidedBy)}: ${shown(text)}`,
      ),
    '',
  ]);
}

function jsonOf(
  finding: Record<string, JsonValue>,
  steps: readonly PlaybookStep[],
  decisions: readonly Decision[],
): Record<string, JsonValue> {
  return {
    ...finding,
    'ascribe.investigation.steps': steps.map(({ number, title, facts, question }) => ({
      number,
      title,
      facts: [...facts],
      question,
      decisions: decisions
        .filter(({ step }) => step === number)
        .map(({ text, decidedBy, at }) => ({ text, by: decidedBy, at: new Date(at).toISOString() })),
    })),
  };
}
