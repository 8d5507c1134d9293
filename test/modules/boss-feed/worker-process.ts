import { FillFeeds } from '../../../src/modules/boss-feed/application/fill-feeds.js';
import { KeepOutgoingFolder } from '../../../src/modules/boss-feed/application/keep-outgoing-folder.js';
import { PublishFiles } from '../../../src/modules/boss-feed/application/publish-files.js';
import { ReadFeed } from '../../../src/modules/boss-feed/application/read-feed.js';
import type { Settings } from '../../../src/platform/config/index.js';
import { applicationDataSource } from '../../../src/platform/database/data-source.js';
import { Database, Transaction } from '../../../src/platform/database/index.js';
import { installPgTypes } from '../../../src/platform/database/pg-types.js';
import { TestClock } from '../../support/clock.js';

// A worker that does nothing but the feed, for as long as it lives.
installPgTypes();
const [url = '', feedFolder = '', now = ''] = process.argv.slice(2);
const source = applicationDataSource({ url, poolSize: 4, entities: [] });
await source.initialize();
const [database, transaction, clock] = [new Database(source), new Transaction(source), new TestClock(now)];
const read = new ReadFeed(database);
const fill = new FillFeeds(database, transaction, clock);
const publish = new PublishFiles(database, transaction, read, clock);
const keepFolder = new KeepOutgoingFolder(database, transaction, read, { feedFolder } as Settings);
process.stdout.write('ready\n');
for (;;) {
  await fill.execute();
  await publish.execute();
  await keepFolder.execute();
}
