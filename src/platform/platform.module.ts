import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Clock, SystemClock } from './clock/index.js';
import { Settings } from './config/index.js';
import { applicationDataSource } from './database/data-source.js';
import { Database, Transaction } from './database/index.js';
import { PersonalData } from './privacy/index.js';
import { HealthController } from './telemetry/health.controller.js';
import { Metrics } from './telemetry/index.js';

/** What every module may use without importing it: settings, clock, database, personal data, metrics. */
@Global()
@Module({})
export class PlatformModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ type: 'postgres', autoLoadEntities: true }),
          dataSourceFactory: async (options?: DataSourceOptions): Promise<DataSource> =>
            applicationDataSource({
              url: required(settings.databaseUrl),
              poolSize: settings.databasePoolSize,
              entities: options?.entities,
              statementSeconds: settings.requestSeconds,
            }).initialize(),
        }),
      ],
      controllers: [HealthController],
      providers: [
        { provide: Settings, useValue: settings },
        { provide: Clock, useClass: SystemClock },
        {
          provide: PersonalData,
          useFactory: () => new PersonalData(required(settings.dataKeys), required(settings.indexKey)),
        },
        Database,
        Transaction,
        Metrics,
      ],
      exports: [Settings, Clock, PersonalData, Database, Transaction, Metrics],
    };
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined)
    throw new Error('The settings are not complete: database and keys are decided before Nest starts');
  return value;
}
