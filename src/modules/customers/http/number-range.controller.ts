import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import {
  BooleanField,
  DateField,
  EnumField,
  IntegerField,
  Operation,
  TextField,
} from '../../../platform/http/index.js';
import { InvalidMsisdn, normaliseMsisdn } from '../../../platform/privacy/index.js';
import { AllottedNumbers } from '../application/allotted-numbers.js';

const PATH = '/care-api/customers/v1';
const KINDS = ['MOBILE', 'RESALE', 'SATELLITE', 'IOT'];

class NumberRangeView {
  @TextField({ readOnly: true, example: '138' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'NumberRange' }) '@type'!: string;
  @TextField({ example: '138', description: 'First digits of the national number' }) prefix!: string;
  @IntegerField({ example: 11, description: 'Digits of a number in it' }) length!: number;
  @TextField({ example: 'CMCC' }) rangeOperator!: string;
  @EnumField({ values: KINDS, enumName: 'NumberKind' }) kind!: string;
  @DateField() validFrom!: string;
  @DateField({ optional: true }) validUntil?: string | undefined;
}

class NumberCheckBody {
  @TextField({ maxLength: 20, example: '13800138000', description: 'With or without +86' }) msisdn!: string;
}

class NumberCheckView {
  @TextField({ example: 'NumberCheck' }) '@type'!: string;
  @BooleanField({ description: 'The number lies in a range that was given to somebody' }) isAllotted!: boolean;
  @TextField({
    optional: true,
    example: 'CMCC',
    description: 'Who was given the range; a ported number is another’s now',
  })
  rangeOperator?: string | undefined;
  @EnumField({ optional: true, values: KINDS, enumName: 'NumberKind' }) kind?: string | undefined;
}

@ApiTags('Number ranges (号段)')
@Controller(PATH)
export class NumberRangeController {
  constructor(
    private readonly numbers: AllottedNumbers,
    private readonly clock: Clock,
  ) {}

  @Get('numberRange')
  @Operation({
    summary: 'Which numbers were given to whom (号段表)',
    permission: 'customers.read',
    returns: [NumberRangeView],
  })
  async ranges(): Promise<NumberRangeView[]> {
    const ranges = await this.numbers.all();
    return ranges.map((range) => ({ id: range.prefix, href: `${PATH}/numberRange`, '@type': 'NumberRange', ...range }));
  }

  // A number in an address would be in every log between here and the client.
  @Post('numberCheck')
  @HttpCode(200)
  @Operation({
    summary: 'Whether a number can exist, and whose range it is in (号码校验)',
    description: 'Says nothing about customers: the range alone, by the table of today.',
    permission: 'customers.read',
    returns: NumberCheckView,
    refusals: [InvalidMsisdn],
  })
  async check(@Body() { msisdn }: NumberCheckBody): Promise<NumberCheckView> {
    const national = normaliseMsisdn(msisdn).slice('+86'.length);
    const range = (await this.numbers.current()).rangeOf(national, businessDate(this.clock.now()));
    const { rangeOperator, kind } = range ?? {};
    return { '@type': 'NumberCheck', isAllotted: range !== undefined, rangeOperator, kind };
  }
}
