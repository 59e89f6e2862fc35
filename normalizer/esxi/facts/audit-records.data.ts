/**
 * Audit records (7.0 Update 3 and later, where they are switched on): the name before `@6876`, what it means. `result` of
 * the record is its outcome.
 */
export interface AuditMeaning {
  readonly category: string;
  readonly action: string;
}

const meaning = (category: string, action: string): AuditMeaning => ({ category, action });

export const AUDIT_RECORDS: ReadonlyMap<string, AuditMeaning> = new Map([
  ['shell.cmd', meaning('process', 'command')],
  ['ssh.cmd', meaning('process', 'command')],
  ['ssh.session.begin', meaning('authentication', 'login')],
  ['ssh.session.end', meaning('authentication', 'logout')],
  ['dcui.login', meaning('authentication', 'login')],
  ['dcui.logout', meaning('authentication', 'logout')],
  ['vim.connect', meaning('authentication', 'login')],
  ['vim.disconnect', meaning('authentication', 'logout')],
  ['vim.terminate', meaning('authentication', 'logout')],
  ['vim.access.denied', meaning('authentication', 'access_denied')],
  ['account.create', meaning('iam', 'account_change')],
  ['account.delete', meaning('iam', 'account_change')],
  ['account.edit', meaning('iam', 'account_change')],
  ['account.changePassword', meaning('iam', 'account_change')],
  ['account.locked', meaning('iam', 'account_locked')],
  ['service.start', meaning('process', 'service_start')],
  ['service.stop', meaning('process', 'service_stop')],
  ['service.restart', meaning('process', 'service_restart')],
  ['service.updatepolicy', meaning('configuration', 'service_policy_change')],
  ['service.uninstall', meaning('configuration', 'service_policy_change')],
  ['service.access.denied', meaning('process', 'access_denied')],
  ['configenc.reqeio.enable', meaning('configuration', 'exec_policy_change')],
  ['configenc.reqeio.disable', meaning('configuration', 'exec_policy_change')],
  ['configenc.reqsb.enable', meaning('configuration', 'exec_policy_change')],
  ['configenc.reqsb.disable', meaning('configuration', 'exec_policy_change')],
  ['configenc.tpm.enable', meaning('configuration', 'exec_policy_change')],
  ['firewall.enable', meaning('configuration', 'firewall_change')],
  ['firewall.disable', meaning('configuration', 'firewall_change')],
  ['firewall.update', meaning('configuration', 'firewall_change')],
  ['firewall.ruleset.enable', meaning('configuration', 'firewall_change')],
  ['firewall.ruleset.disable', meaning('configuration', 'firewall_change')],
  ['firewall.ruleset.update', meaning('configuration', 'firewall_change')],
  ['time.ntp.enable', meaning('configuration', 'clock_policy_change')],
  ['time.ntp.disable', meaning('configuration', 'clock_policy_change')],
  ['time.ntp.set.servers', meaning('configuration', 'clock_policy_change')],
  ['time.monitoring.enable', meaning('configuration', 'clock_policy_change')],
  ['time.monitoring.disable', meaning('configuration', 'clock_policy_change')],
  ['time.set.systemclock', meaning('host', 'clock_step')],
  ['vib.install', meaning('configuration', 'software_install')],
  ['vib.remove', meaning('configuration', 'software_remove')],
  ['syslog.reload', meaning('configuration', 'log_config_change')],
  ['syslog.net.open', meaning('host', 'log_connection')],
  ['syslog.net.close', meaning('host', 'log_connection')],
  ['syslog.net.link.up', meaning('host', 'log_connection')],
  ['syslog.net.link.down', meaning('host', 'log_loss')],
  ['network.listen.start', meaning('network', 'listen')],
  ['network.connect', meaning('network', 'connect')],
  ['settings.advanced.add', meaning('configuration', 'config_change')],
  ['settings.advanced.delete', meaning('configuration', 'config_change')],
  ['settings.advanced.reset', meaning('configuration', 'config_change')],
  ['certificate.ca.add', meaning('configuration', 'certificate_change')],
  ['certificate.ca.remove', meaning('configuration', 'certificate_change')],
  ['certificate.client.install', meaning('configuration', 'certificate_change')],
  ['certificate.server.install', meaning('configuration', 'certificate_change')],
]);
