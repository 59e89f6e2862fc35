import { CONTAINMENT } from './containment.data';

/** One step of the playbook, filled in. */
export interface PlaybookStep {
  /** 1 to 10. */
  readonly number: number;
  readonly title: string;
  /** What the telemetry says, one sentence each. */
  readonly facts: readonly string[];
  /** What a person must decide. */
  readonly question: string;
}

/** What the steps are filled in from; every text is ready to be shown. */
export interface InvestigationFacts {
  readonly validate: readonly string[];
  readonly attribute: readonly string[];
  readonly owner: readonly string[];
  readonly role: readonly string[];
  readonly destination: readonly string[];
  readonly path: readonly string[];
  readonly scope: readonly string[];
  readonly verify: readonly string[];
  readonly ownerKind: string;
  readonly findingId: string;
  /** Hosts and devices whose volatile state is to be collected. */
  readonly collectFrom: readonly string[];
}

/** The ten steps, in order. Steps without facts say so: a gap is an answer too. */
export function playbook(facts: InvestigationFacts): PlaybookStep[] {
  const steps: readonly (readonly [title: string, facts: readonly string[], question: string])[] = [
    ['Validate', facts.validate, 'A real session, or an artefact of the telemetry?'],
    ['Attribute', facts.attribute, 'Accept the owner, or collect more first?'],
    ['Owner', facts.owner, 'Was the owner asked, and did they expect it?'],
    ['Asset role', facts.role, 'In its role, or out of it?'],
    ['Destination', facts.destination, 'A known service, unknown, or hostile?'],
    ['Path', facts.path, 'Was the change that let it out authorised?'],
    ['Scope', facts.scope, 'Which hosts are affected?'],
    ['Preserve', preserve(facts), 'What was collected, by whom, with which hash?'],
    ['Contain', contain(facts.ownerKind), 'Which option, approved by whom, until when?'],
    ['Verify and close', facts.verify, 'Stopped, moved to another channel, or silent telemetry? What is the outcome?'],
  ];
  return steps.map(([title, list, question], i) => ({
    number: i + 1,
    title,
    facts: list.length === 0 ? ['nothing is known of this'] : list,
    question,
  }));
}

function preserve({ findingId, collectFrom }: InvestigationFacts): string[] {
  return [
    'volatile first, before anything is contained: sockets, worlds, translation tables, memory',
    ...collectFrom.map((name) => `ascribe collect ${name}`),
    `ascribe evidence pack --finding ${findingId}`,
  ];
}

function contain(kind: string): string[] {
  return CONTAINMENT.filter(({ appliesTo }) => appliesTo.some((each) => each === 'any' || each === kind)).map(
    ({ option, warning, rollback }) => `${option} (${warning}; undo: ${rollback})`,
  );
}
