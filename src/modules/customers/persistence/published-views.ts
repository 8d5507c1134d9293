/**
 * `customer_id uuid, archive 'in-network'|'retained', status 'active'|'suspended'|'terminated', region text, brand text,
 * activated_on date, sim_kind text, tariff_code text, package_fee_fen bigint, contract_ends_on date, real_name boolean,
 * closed_on date, credit_grade text, kind 'individual'|'group', branch_code text, manager_id uuid`: one row per customer that has or had a number, and per
 * group. All about the number are the main one's; a group without one has none of it, the status
 * 'initialized', and is activated on the day on which we have opened it.
 */
export const PROFILE_VIEW = 'customers.profile';

/** `customer_id uuid (unique), birth_year int`: the year alone, as billing says it; nobody erased has one. */
export const BIRTH_YEAR_VIEW = 'customers.birth_year';

/** `msisdn_index bytea (unique), customer_id uuid, subscription_id uuid`: whose a number is now. */
export const NUMBER_DIRECTORY_VIEW = 'customers.number_directory';

/**
 * `msisdn_index bytea, customer_id uuid (together unique), subscription_id uuid, held_from timestamptz, held_until timestamptz`: who had a
 * number when; who has it still, has no end. The day on which it changes hands is both's until the hour at which the first one left.
 */
export const NUMBER_TENURE_VIEW = 'customers.number_tenure';

/** `source text, account_no text (together unique), customer_id uuid`: whose a BOSS account is. */
export const ACCOUNT_OWNER_VIEW = 'customers.account_owner';

/** `customer_id uuid (unique), source text, account_no text`: by which account billing knows a customer; nobody erased has one. */
export const BILLING_ACCOUNT_VIEW = 'customers.billing_account';

/**
 * `customer_id uuid, purpose text (together unique), consent_id uuid, text_version integer, channel text, given_at timestamptz`: what
 * customers in the network consent to now. Whoever uses data for a purpose that needs consent joins with it, each time anew.
 */
export const EFFECTIVE_CONSENT_VIEW = 'customers.effective_consent';

/** `customer_id uuid (the group's), member_id uuid, joined_on date, left_on date (9999-12-31: never)`: who belongs to a group (集团成员) when. */
export const GROUP_MEMBERSHIP_VIEW = 'customers.group_membership';

/**
 * `customer_id uuid, subscription_id uuid, msisdn_index bytea (with customer_id unique), status 'active'|'suspended-one-way'|
 * 'suspended-two-way'|'terminated', activated_on date, tariff_code text, package_fee_fen bigint, sim_kind text`: what BOSS says of each
 * number that somebody has or had.
 */
export const SUBSCRIPTION_STATE_VIEW = 'customers.subscription_state';

/**
 * `customer_id uuid (unique), changed_at timestamptz`: when something of a customer was last written, at the latest. The hour is taken as
 * the writing begins; it can be seen some time after.
 */
export const PROFILE_CHANGE_VIEW = 'customers.profile_change';
