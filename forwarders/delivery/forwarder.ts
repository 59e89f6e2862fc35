import type { RecordKind, RecordSource, StorePlaces, TransportContext } from '../contract';
import type { DestinationSettings } from '../forward-config';
import type { ForwardEvent } from '../forward-events';
import { formatNamed, kindNamed, transportNamed } from '../registry';
import { masked } from '../transports/masked';
import type { DeliveryClock } from './delivery';
import { Destination } from './destination';
import type { DestinationStatus } from './destination-status';
import type { ForwardDatabase } from './forward-db';

export interface ForwarderOptions {
  readonly destinations: readonly DestinationSettings[];
  readonly database: ForwardDatabase;
  readonly places: StorePlaces;
  readonly context: TransportContext;
  readonly emit: (event: ForwardEvent) => void;
  readonly clock?: DeliveryClock;
}

/** How long a destination may take to flush at a stop. */
const CLOSE_MS = 3000;

/** All destinations of a configuration, each at its own pace, over one set of sources. */
export class Forwarder {
  readonly #sources = new Map<string, RecordSource>();
  readonly #destinations: readonly Destination[];

  /** Marks destinations in the database; connects to nothing yet. */
  constructor({ destinations, database, places, context, emit, clock }: ForwarderOptions) {
    const starts = destinations.flatMap(({ name: destination, send, start }) =>
      send.map((kind) => {
        const end = start === 'now' ? this.#source(kindNamed(kind), places).end() : undefined;
        return { destination, kind, start: end ?? '' };
      }),
    );
    database.activate(starts);
    this.#destinations = destinations.map((settings) => {
      const type = transportNamed(settings.transport);
      return new Destination({
        name: settings.name,
        kinds: settings.send.map(kindNamed).map((kind) => ({ kind, source: this.#source(kind, places) })),
        format: formatNamed(settings.format),
        transport: masked((own) => type.create(settings.settings, own), context),
        transportType: type.type,
        confirmed: type.delivery === 'confirmed',
        limits: type.limits(settings.settings),
        only: settings.only,
        database,
        emit,
        ...(clock !== undefined && { clock }),
      });
    });
  }

  /** Sends until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await Promise.all(this.#destinations.map((destination) => destination.run(signal, CLOSE_MS)));
    } finally {
      for (const source of this.#sources.values()) source.close();
    }
  }

  status(): DestinationStatus[] {
    return this.#destinations.map((destination) => destination.status());
  }

  #source(kind: RecordKind, places: StorePlaces): RecordSource {
    let source = this.#sources.get(kind.name);
    if (source === undefined) {
      source = kind.open(places);
      this.#sources.set(kind.name, source);
    }
    return source;
  }
}
