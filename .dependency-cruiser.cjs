// The architecture as rules; test/architecture breaks each of them once and sees it fire.
const order = [
  'organization', 'customers', 'usage', 'tiering', 'points', 'benefits', 'merchants',
  'tickets', 'hotline-routing', 'halls', 'care', 'analytics', 'boss-feed',
]; // prettier-ignore

const src = process.env.ARCHITECTURE_ROOT ?? '^src';
const module_ = (name) => `${src}/modules/${name}/`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'platform-knows-no-module',
      severity: 'error',
      from: { path: `${src}/platform/` },
      to: { path: `${src}/(modules|startup|demo)/` },
    },
    ...order.map((name, index) => ({
      name: `order-${name}`,
      comment: 'A module knows only those above it.',
      severity: 'error',
      from: { path: module_(name) },
      to: {
        path:
          order
            .slice(index + 1)
            .map(module_)
            .join('|') || '^$',
      },
    })),
    {
      name: 'front-door',
      comment: 'Another module is entered by its index.ts only.',
      severity: 'error',
      from: { path: `${src}/modules/([^/]+)/` },
      to: { path: `${src}/modules/[^/]+/`, pathNot: [`${src}/modules/$1/`, `${src}/modules/[^/]+/index\\.ts$`] },
    },
    {
      name: 'front-door-from-outside',
      comment: 'The application, too, enters a module by its index.ts.',
      severity: 'error',
      from: { path: src, pathNot: `${src}/modules/` },
      to: { path: `${src}/modules/[^/]+/`, pathNot: `${src}/modules/[^/]+/index\\.ts$` },
    },
    {
      name: 'domain-is-pure',
      comment: 'domain knows rules, refusals, names of events: no Nest, no TypeORM, no clock, no other room.',
      severity: 'error',
      from: { path: `${src}/modules/[^/]+/domain/`, pathNot: '\\.spec\\.ts$' },
      to: {
        pathNot: [
          `${src}/modules/[^/]+/(domain/|index\\.ts$)`,
          `${src}/platform/errors/`,
          `${src}/platform/events/event\\.ts$`,
          `${src}/platform/rules/`,
          `${src}/platform/privacy/(masking|msisdn|identity-document)\\.ts$`,
          `${src}/platform/identity/(scope|addresses|system-clients)\\.ts$`,
          '^(node:)?(buffer|crypto)$',
        ],
      },
    },
    {
      name: 'domain-takes-only-types-from-other-modules',
      severity: 'error',
      from: { path: `${src}/modules/[^/]+/domain/`, pathNot: '\\.spec\\.ts$' },
      to: { path: `${src}/modules/[^/]+/index\\.ts$`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'application-knows-no-edge',
      severity: 'error',
      from: { path: `${src}/modules/([^/]+)/application/` },
      to: { path: `${src}/modules/$1/(http|listeners|jobs)/` },
    },
    {
      name: 'persistence-knows-only-domain',
      severity: 'error',
      from: { path: `${src}/modules/([^/]+)/persistence/` },
      to: { path: `${src}/modules/$1/(application|http|listeners|jobs)/` },
    },
    {
      name: 'edges-go-through-application',
      comment: 'http, listeners and jobs translate; they touch no table.',
      severity: 'error',
      from: { path: `${src}/modules/([^/]+)/(http|listeners|jobs)/`, pathNot: '\\.spec\\.ts$' },
      to: { path: `${src}/modules/$1/persistence/` },
    },
    {
      name: 'demo-is-the-other-side',
      comment: 'The demo population is a billing system: it knows the file contract and nothing of the inside.',
      severity: 'error',
      from: { path: `${src}/demo/` },
      to: { path: `${src}/(modules|platform|startup)/` },
    },
    {
      name: 'no-test-code-in-production',
      severity: 'error',
      from: { path: src, pathNot: '\\.spec\\.ts$' },
      to: { path: '(^test/|\\.spec\\.ts$|fast-check|@jest)' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'], extensionAlias: { '.js': ['.ts', '.js'] } },
  },
};
