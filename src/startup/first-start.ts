import { OrganizationFacade } from '../modules/organization/index.js';
import type { RunningApplication, Say } from './application.js';
import { loadDemo } from './load-demo.js';

/** What happens once, on an empty system: the administrator is made, and the demo population loaded if wanted. */
export async function firstStart(running: RunningApplication, say: Say): Promise<void> {
  const { app, settings, address } = running;
  if (settings.role === 'worker') return say('working');
  const administrator = await app.get(OrganizationFacade).ensureFirstAdministrator();
  if (administrator) {
    console.log(
      `\n  First start: the administrator is “${administrator.login}”, the password ${administrator.password}\n` +
        '  It is shown only now. Sign in at the console, or with POST /care-api/organization/v1/session.\n',
    );
  }
  if (settings.role === 'all' && settings.demoCustomers > 0) await loadDemo(running, say);
  say(`ready on ${address}${settings.docsEnabled ? ` – Swagger console: ${address}/docs` : ''}`);
}
