import type { PersonalData, SubjectSecret } from '../../../platform/privacy/index.js';
import { CustomerIsErased } from '../domain/refusals.js';

/** Seals and opens what other modules keep of some customers, each under the customer's own secret. The secrets stay in here. */
export class CustomerSeals {
  readonly #personalData: PersonalData;
  readonly #secrets: ReadonlyMap<string, SubjectSecret>;

  constructor(personalData: PersonalData, secrets: ReadonlyMap<string, SubjectSecret>) {
    this.#personalData = personalData;
    this.#secrets = secrets;
  }

  /** Whether anything can be sealed for the customer: nothing can for one who was erased. */
  has(customerId: string): boolean {
    return this.#secrets.has(customerId);
  }

  /**
   * @param context field and row, `ticket.words:<id>`: copied elsewhere, the envelope does not open.
   * @throws CustomerIsErased
   */
  seal(customerId: string, plain: string, context: string): Buffer {
    const secret = this.#secrets.get(customerId);
    if (!secret) throw new CustomerIsErased();
    return this.#personalData.seal(plain, context, secret);
  }

  /** `undefined` when there is no envelope, or the customer's secret is gone. */
  open(customerId: string, envelope: Buffer | null, context: string): string | undefined {
    return this.#personalData.openIfKept(envelope, context, this.#secrets.get(customerId) ?? null);
  }
}
