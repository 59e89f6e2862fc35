import { BEACON } from './analytics/beacon';
import { SILENCE } from './analytics/silence';
import { AN0015 } from './analytics/an0015';
import { AN0078 } from './analytics/an0078';
import { AN0399 } from './analytics/an0399';
import { AN0403 } from './analytics/an0403';
import { AN0404 } from './analytics/an0404';
import { AN0409 } from './analytics/an0409';
import { AN0410 } from './analytics/an0410';
import { AN0427 } from './analytics/an0427';
import { AN0465 } from './analytics/an0465';
import { AN0572 } from './analytics/an0572';
import { AN0636 } from './analytics/an0636';
import { AN0646 } from './analytics/an0646';
import { AN0647 } from './analytics/an0647';
import { AN0670 } from './analytics/an0670';
import { AN0762 } from './analytics/an0762';
import { AN0763 } from './analytics/an0763';
import { AN0991 } from './analytics/an0991';
import { AN1023 } from './analytics/an1023';
import { AN1124 } from './analytics/an1124';
import { AN1125 } from './analytics/an1125';
import { AN1132 } from './analytics/an1132';
import { AN1228 } from './analytics/an1228';
import { AN1232 } from './analytics/an1232';
import { AN1233 } from './analytics/an1233';
import { AN1258 } from './analytics/an1258';
import { AN1475 } from './analytics/an1475';
import { AN1537 } from './analytics/an1537';
import { AN1558 } from './analytics/an1558';
import { AN1559 } from './analytics/an1559';
import { AN1640 } from './analytics/an1640';
import type { Analytic } from './contract';

/** Every analytic; a new one is a file and a line here. */
export const ANALYTICS: readonly Analytic[] = [
  AN0403,
  AN0404,
  BEACON,
  SILENCE,
  AN0015,
  AN0078,
  AN0399,
  AN0409,
  AN0410,
  AN0427,
  AN0465,
  AN0572,
  AN0636,
  AN0646,
  AN0647,
  AN0670,
  AN0762,
  AN0763,
  AN0991,
  AN1023,
  AN1124,
  AN1125,
  AN1132,
  AN1228,
  AN1232,
  AN1233,
  AN1258,
  AN1475,
  AN1537,
  AN1558,
  AN1559,
  AN1640,
];
