/** Where a customer asks. */
export const CHANNELS = ['HOTLINE', 'HALL', 'WEB', 'APP', 'SMS', 'ACCOUNT_MANAGER'] as const;
