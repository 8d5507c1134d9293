/** What random samples of the tests are drawn from: the same each time, so that red means the change. `npm run torture` draws others. */
export const SEED = Number(process.env.SEED ?? 250_201);
