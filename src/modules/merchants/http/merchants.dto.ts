import { DateField, EnumField, IdField, IntegerField, ObjectField, TextField } from '../../../platform/http/index.js';
import { merchantStatuses, siteStatuses, type MerchantStatus, type SiteStatus } from '../domain/merchant.js';
import { messageKinds, reversibleKinds, type PosMessage, type ReversibleKind } from '../domain/pos-message.js';

const CODE = { maxLength: 40, pattern: /^[A-Z][A-Z0-9_-]*$/, patternMeans: 'capitals, digits, hyphens, underscores' };
const CONTRACT = {
  ...CODE,
  example: 'HT-2026-0017',
  description: 'The number of its contract (合同号), nobody else’s',
};
const CATEGORY = { ...CODE, example: 'RESTAURANT', description: 'What it sells' };
const FUNDER = { ...CODE, example: 'OPERATOR', description: 'Who pays for what it grants' };
const LABEL = { maxLength: 100, example: 'Pearl River Restaurant' };
const SITE_LABEL = { maxLength: 100, example: 'Tianhe branch' };
const REGION = { maxLength: 6, pattern: /^\d{6}$/, patternMeans: 'a province code of 6 digits', example: '440000' };
export const TERMINAL_ID = /^[A-Z0-9]{8}$/;
const TERMINAL = { maxLength: 8, pattern: TERMINAL_ID, patternMeans: '8 capitals or digits', example: 'GZ000017' };
const SIX_DIGITS = { maxLength: 6, pattern: /^\d{6}$/, patternMeans: '6 digits' };
const STATUS = { values: merchantStatuses, description: 'Only what is active takes points; all of them give back' };
const PERCENT = { min: 1, max: 100, example: 80, description: 'What of the list price is paid: 8折 is 80' };
const FROM = { example: '2027-02-01', description: 'Today or later' };
const UNTIL = { description: 'The first day without it', example: '2027-03-01' };

class MerchantHead {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
}

export class MerchantView extends MerchantHead {
  @TextField({ example: 'Merchant' }) '@type'!: string;
  @TextField(CONTRACT) contractNo!: string;
  @TextField(LABEL) label!: string;
  @TextField(CATEGORY) category!: string;
  @EnumField(STATUS) status!: string;
  @TextField(FUNDER) funderId!: string;
}

export class CreateMerchantBody {
  @TextField(CONTRACT) contractNo!: string;
  @TextField(LABEL) label!: string;
  @TextField(CATEGORY) category!: string;
  @TextField({ ...FUNDER, default: 'OPERATOR' }) funderId!: string;
}

export class ChangeMerchantBody {
  @TextField({ ...LABEL, optional: true }) label?: string;
  @TextField({ ...CATEGORY, optional: true }) category?: string;
  @EnumField({ ...STATUS, optional: true }) status?: MerchantStatus;
}

export class MerchantSiteView extends MerchantHead {
  @TextField({ example: 'MerchantSite' }) '@type'!: string;
  @IdField() merchantId!: string;
  @TextField(SITE_LABEL) label!: string;
  @TextField(REGION) region!: string;
  @EnumField({ values: siteStatuses }) status!: string;
}

export class CreateMerchantSiteBody {
  @IdField() merchantId!: string;
  @TextField(SITE_LABEL) label!: string;
  @TextField(REGION) region!: string;
}

export class ChangeMerchantSiteBody {
  @TextField({ ...SITE_LABEL, optional: true }) label?: string;
  @EnumField({ values: siteStatuses, optional: true }) status?: SiteStatus;
}

export class PosTerminalView {
  @TextField({ readOnly: true, ...TERMINAL }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PosTerminal' }) '@type'!: string;
  @IdField() siteId!: string;
  @EnumField(STATUS) status!: string;
}

export class CreatePosTerminalBody {
  @TextField({ ...TERMINAL, description: 'The number that it sends' }) terminalId!: string;
  @IdField() siteId!: string;
}

export class ChangePosTerminalBody {
  @EnumField({ ...STATUS, optional: true }) status?: MerchantStatus;
}

export class MerchantDiscountView extends MerchantHead {
  @TextField({ example: 'MerchantDiscount' }) '@type'!: string;
  @IdField() merchantId!: string;
  @IntegerField(PERCENT) percent!: number;
  @IntegerField({ example: 4_000, description: 'For a hundred yuan of the list price: 8折 are 40 a yuan' })
  pointsPerHundredYuan!: number;
  @DateField() effectiveFrom!: string;
  @DateField(UNTIL) effectiveUntil!: string;
  @TextField() author!: string;
}

export class CreateMerchantDiscountBody {
  @IdField() merchantId!: string;
  @IntegerField(PERCENT) percent!: number;
  @DateField(FROM) effectiveFrom!: string;
  @DateField({ ...UNTIL, default: '9999-12-31' }) effectiveUntil!: string;
}

export class ChangeMerchantDiscountBody {
  @DateField({ ...UNTIL, description: 'The first day without it, today or later' }) effectiveUntil!: string;
}

class PosMessageKey {
  @TextField({ ...TERMINAL, description: 'The number of the terminal' }) terminalId!: string;
  @TextField({ ...SIX_DIGITS, example: '000001', description: 'Its batch (批次号)' }) batchNo!: string;
  @TextField({ ...SIX_DIGITS, example: '000123', description: 'Of the message in the batch (流水号)' })
  traceNo!: string;
  @DateField({ description: 'The day of the terminal, which it repeats when it repeats the message' })
  businessDate!: string;
}

export class PosMessageBody extends PosMessageKey {
  @EnumField({
    values: [...messageKinds, 'reversal'],
    example: 'authorisation',
    description:
      'authorisation (预授权), purchase (消费), capture (完成), void on its day (撤销), return later (退货), reversal for want of an answer (冲正)',
  })
  kind!: PosMessage['kind'];

  @IntegerField({
    min: 1,
    max: 100_000_000,
    optional: true,
    example: 12_500,
    description: 'At list price, in fen; of a capture all that was authorised when it is absent, of a return the part',
  })
  amountFen?: number;

  @TextField({ optional: true, maxLength: 40, example: undefined, description: 'Of the card: authorisation, purchase' })
  cardNumber?: string;

  @TextField({ optional: true, maxLength: 40, example: undefined, description: 'Track 2 of its stripe, instead' })
  track?: string;

  @ObjectField(() => PosMessageKey, {
    optional: true,
    example: undefined,
    description: 'Of capture, void and return: what they go on from',
  })
  original?: PosMessageKey;

  @EnumField({
    values: reversibleKinds,
    optional: true,
    example: undefined,
    description: 'Of a reversal, which bears the key of its original: what that was',
  })
  reverses?: ReversibleKind;
}

export class PosMessageView extends PosMessageKey {
  @TextField({ readOnly: true, example: 'GZ000017~000001~000123~2026-01-31' }) id!: string;
  @TextField({ example: 'PosMessage' }) '@type'!: string;
  @EnumField({ values: [...messageKinds, 'reversal'] }) kind!: string;
  @EnumField({ values: ['done', 'reversed'] }) status!: string;
  @IntegerField({ optional: true, description: 'At list price' }) amountFen?: number;
  @IntegerField({ ...PERCENT, optional: true, description: 'Of the authorisation, for good' }) discountPercent?: number;
  @IntegerField({ optional: true, description: 'Held, taken, let go or given back' }) points?: number;
  @IntegerField({ optional: true, description: 'Of the points, in fen: 2 for each' }) valueInFen?: number;
  @IntegerField({ optional: true, description: 'Points that can be used after it' }) availableAfter?: number;
  @TextField({ optional: true, description: 'Until when an authorisation holds', example: '2026-01-31T10:15:00.000Z' })
  expiresAt?: string;
}
