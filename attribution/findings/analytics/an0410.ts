import { commandAnalytic } from '../command-analytic';

/** Rules without bounds. */
export const AN0410 = commandAnalytic({
  id: 'AN0410',
  strategy: 'DET0145',
  techniques: ['T1562.004'],
  platform: 'Network Devices',
  title: 'Rule that lets everything through',
  text: 'A command adds a rule from anybody to anybody.',
  needs: ['commands'],
  severity: 'high',
  falsePositives: 'Lab devices.',
  mutable: { AuthorizedAdmins: 'Accounts that may change rules' },
  phrases: {
    permit_any: [
      'permit ip any any',
      'permit any any',
      'permit ip any4 any4',
      'extended permit ip any any',
      'no access-list',
      'no ip access-group',
      'no access-group',
      'set firewall … accept any',
    ],
  },
});
