/**
 * Zone abbreviations that devices write, as minutes east of UTC. Where several places use one name, all of them stand
 * here; `certain` says that the first is meant unless the device's configured zone speaks for another. The North
 * American names are those of RFC 5322 section 4.3 except CST, which China and Cuba use too.
 */
export interface ZoneName {
  readonly offsets: readonly number[];
  readonly certain: boolean;
}

const one = (...offsets: number[]): ZoneName => ({ offsets, certain: true });
const several = (...offsets: number[]): ZoneName => ({ offsets, certain: false });

export const ZONE_NAMES: ReadonlyMap<string, ZoneName> = new Map([
  ['Z', one(0)],
  ['UTC', one(0)],
  ['GMT', one(0)],
  ['UCT', one(0)],
  ['WET', one(0)],
  ['WEST', one(60)],
  ['CET', one(60)],
  ['MEZ', one(60)],
  ['MET', one(60)],
  ['CEST', one(120)],
  ['MESZ', one(120)],
  ['MEST', one(120)],
  ['METDST', one(120)],
  ['EET', one(120)],
  ['EEST', one(180)],
  ['MSK', one(180)],
  ['TRT', one(180)],
  ['EST', one(-300, 600)],
  ['EDT', one(-240, 660)],
  ['MST', one(-420)],
  ['MDT', one(-360)],
  ['PST', one(-480)],
  ['PDT', one(-420)],
  ['CDT', one(-300, -240)],
  ['AKST', one(-540)],
  ['AKDT', one(-480)],
  ['HST', one(-600)],
  ['BRT', one(-180)],
  ['SAST', one(120)],
  ['EAT', one(180)],
  ['PKT', one(300)],
  ['NPT', one(345)],
  ['ICT', one(420)],
  ['WIB', one(420)],
  ['HKT', one(480)],
  ['SGT', one(480)],
  ['MYT', one(480)],
  ['PHT', one(480)],
  ['AWST', one(480)],
  ['KST', one(540)],
  ['JST', one(540)],
  ['ACST', one(570)],
  ['ACDT', one(630)],
  ['AEST', one(600)],
  ['AEDT', one(660)],
  ['NZST', one(720)],
  ['NZDT', one(780)],
  ['CST', several(-360, 480, -300)],
  ['IST', several(330, 120, 60)],
  ['BST', several(60, 360)],
  ['AST', several(-240, 180)],
  ['SST', several(-660, 480)],
  ['GST', several(240, -120)],
  ['ART', several(-180, 120)],
  ['ADT', several(-180, 240)],
]);
