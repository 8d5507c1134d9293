import { DataSource, type DataSourceOptions } from 'typeorm';
import { APPLICATION_ROLE } from './migration-tools.js';
import { installPgTypes } from './pg-types.js';

interface Options {
  readonly url: string;
  readonly poolSize: number;
  readonly entities?: DataSourceOptions['entities'];
}

/** The application's connections: they log in with `url` and take the application role, so its grants bind. */
export function applicationDataSource({ url, poolSize, entities = [] }: Options): DataSource {
  installPgTypes();
  return new DataSource({
    type: 'postgres',
    url,
    entities,
    installExtensions: false,
    poolSize,
    extra: { options: `-c role=${APPLICATION_ROLE} -c timezone=UTC` },
  });
}
