import { hexOf } from '../../store/queries/places';
import { DestinationContext } from '../../attribution/destinations/destination-context';
import { placeText } from '../../attribution/destinations/place';
import type { CommandContext } from '../context';
import { loadDestinationLists } from '../pipeline/destination-lists';
import { loadPlaces } from '../pipeline/place-databases';

/** What databases and lists of the configuration say of an address, a sentence each, with their date. */
export function placeLines(context: CommandContext, address: string): string[] {
  const { config, directory } = context.loaded;
  const { databases: configured, lists: files } = config.destinations;
  if (configured.length + files.length === 0) return [];
  const now = Date.now();
  const { places, databases } = loadPlaces(configured, directory, now);
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const place = places.placeOf(address);
  const by = databases.filter(({ name }) => place?.databases.includes(name) === true);
  const hits = new DestinationContext(loadDestinationLists(files, directory, now).lists).lookUp(
    hexOf(address) ?? '',
    now,
  );
  return [
    ...(place === undefined
      ? []
      : [`${placeText(place)} (${by.map(({ name, date }) => `${name} of ${day(date)}`).join(', ')})`]),
    ...hits.map(({ list, kind, tlp, entry }) => `${kind} list ${list}, line ${entry.line}, TLP ${tlp}`),
  ];
}
