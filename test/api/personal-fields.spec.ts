import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { MAIN_FACTS } from '../../src/modules/customers/domain/main-facts.js';
import { loadSettings } from '../../src/platform/config/index.js';
import { buildOpenApi, fastifyOptions } from '../../src/platform/http/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** To which group of fields each personal field of the API belongs; a purpose must use the group. */
const GROUP_OF: Readonly<Record<string, string>> = {
  ...MAIN_FACTS,
  ...{ idType: 'identity', idNumber: 'identity', documentKind: 'identity', documentNumber: 'identity' },
  ...{ msisdn: 'contact', phoneNumber: 'contact', emailAddress: 'contact', contactMedium: 'contact' },
  ...{ callerId: 'contact', calledNumber: 'contact', maskedCallerId: 'contact', deliveredTo: 'contact' },
  ...{ accountNo: 'subscription', account: 'subscription', characteristic: 'subscription' },
  ...{
    ratedProductUsage: 'billing',
    revenueAtRiskFen: 'billing',
    netSpendFen: 'billing',
    usageCharacteristic: 'usage',
  },
  ...{ engagedParty: 'identity', relatedParty: 'identity', realName: 'identity', imsi: 'subscription' },
  ...{ note: 'tickets', description: 'tickets' },
};

/** What a personal field is called, in whatever schema it stands. */
const LOOKS_PERSONAL =
  /name|birth|^age$|^sex$|gender|marital|workStatus|idNumber|idType|document(Kind|Number)|msisdn|phone|mobile|mail|address|contactMedium|caller|imsi|iccid|spend|^note$/i;

/** Named alike, and not about a customer: of the staff, of units, of systems, of rules and texts. */
const NOT_OF_CUSTOMERS =
  /^(Staff|Unit|Role|Session|ApiKey|Approval|Audit|Access|Register|CreateStaff|PatchStaff|CreateUnit|PatchUnit|CreateRole|CreateApiKey|PatchApiKey|Label|Words|Figure|Route|Processing|DocumentKind|NumberRange|ServiceLevel|Rule|Tier|Run|Hub|Totp|Retention|EventSubscription|IntakeFile|Client)/;
const NOT_PERSONAL = new Set([
  // Names of levels, files, units, staff; addresses of systems; looks at nobody in particular.
  ...[
    'tierName',
    'levelName',
    'programName',
    'fileName',
    'nameEn',
    'nameZh',
    'displayName',
    'unnamedLooks',
    'fieldName',
    'unitName',
    'username',
    'addresses',
    'clientAddress',
  ],
]);

describe('[AUD-03] what personal data is used for', () => {
  let db: TestDatabase;
  let app: NestFastifyApplication;
  let groupsOfPurposes: ReadonlySet<string>;
  let fields: readonly { readonly schema: string; readonly field: string }[];

  beforeAll(async () => {
    db = await createTestDatabase();
    const settings = loadSettings({ GUIBIN_ROLE: 'api' });
    const adapter = new FastifyAdapter(fastifyOptions(settings));
    const options = { preview: true, logger: false, abortOnError: false } as const;
    app = await NestFactory.create<NestFastifyApplication>(AppModule.with(settings), adapter, options);
    const schemas = (buildOpenApi(app).components?.schemas ?? {}) as Record<string, { properties?: object }>;
    fields = Object.entries(schemas).flatMap(([schema, { properties = {} }]) =>
      Object.keys(properties).map((field) => ({ schema, field })),
    );
    const purposes = await db.query<{ field_groups: string[] }>(
      'SELECT field_groups FROM customers.processing_purpose',
    );
    groupsOfPurposes = new Set(purposes.flatMap((purpose) => purpose.field_groups));
  });
  afterAll(async () => {
    await app.close();
    await db.drop();
  });

  it('is said of every group of fields', () => {
    for (const group of new Set(Object.values(GROUP_OF))) expect([...groupsOfPurposes]).toContain(group);
  });

  it('is said of every personal field that the API takes or shows', () => {
    const personal = fields.filter(
      ({ schema, field }) => LOOKS_PERSONAL.test(field) && !NOT_OF_CUSTOMERS.test(schema) && !NOT_PERSONAL.has(field),
    );
    expect(personal.length).toBeGreaterThan(30);
    const withoutPurpose = personal.filter(({ field }) => !groupsOfPurposes.has(GROUP_OF[field] ?? ''));
    expect(withoutPurpose).toEqual([]);
  });

  it('has a basis in the law, an owner and an end', async () => {
    const incomplete = await db.query(
      `SELECT code FROM customers.processing_purpose
       WHERE legal_basis !~ '^PIPL 13 ' OR owner = '' OR retention_class = '' OR field_groups = '{}'
         OR needs_consent <> (legal_basis ~ 'consent')`,
    );
    expect(incomplete).toEqual([]);
  });
});
