import { IdField, TextField } from '../http/index.js';
import type { Subscription } from './hub.js';

/** TM Forum's EventSubscriptionInput. */
export class SubscribeBody {
  @TextField({
    example: 'https://crm.example.com/tmf',
    description: 'Called with POST at `/listener/…Event` below it; see GUIBIN_CALLBACK_HOSTS for hosts without TLS',
  })
  callback!: string;
  @TextField({ optional: true, description: 'Only these events: `eventType=A,B`' }) query?: string;
}

/** TM Forum's EventSubscription. */
export class SubscriptionView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField() callback!: string;
  @TextField({ optional: true }) query?: string | undefined;
  @TextField({ description: 'Key of the X-Signature of our calls. Shown once; subscribe again to get another' })
  secret!: string;
}

export const subscriptionView = (path: string, { id, callback, query, secret }: Subscription): SubscriptionView => ({
  id,
  href: `${path}/${id}`,
  callback,
  query,
  secret,
});
