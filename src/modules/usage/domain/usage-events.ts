import { defineEvent } from '../../../platform/events/event.js';

/** Of one record that came by TMF635. Records that come in bulk are announced by intake, never singly: a file holds a million. */
interface AboutUsage {
  readonly usageId: string;
}

export const UsageCreated = defineEvent<AboutUsage>('usage.UsageCreated');
/** Another version counts in the place of an earlier one. */
export const UsageCorrected = defineEvent<AboutUsage>('usage.UsageCorrected');
/** A version ceased to count, since another one corrects it or takes it back. */
export const UsageSuperseded = defineEvent<AboutUsage>('usage.UsageSuperseded');
export const UsageCancelled = defineEvent<AboutUsage>('usage.UsageCancelled');

interface AboutSpecification {
  readonly specificationId: string;
}

export const UsageSpecificationCreated = defineEvent<AboutSpecification>('usage.UsageSpecificationCreated');
export const UsageSpecificationChanged = defineEvent<AboutSpecification>('usage.UsageSpecificationChanged');
export const UsageSpecificationDeleted = defineEvent<AboutSpecification>('usage.UsageSpecificationDeleted');
