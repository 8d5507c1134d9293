import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  BooleanField,
  CurrentActor,
  DateField,
  EnumField,
  IntegerField,
  ObjectField,
  Operation,
  TextField,
} from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { InvalidMsisdn } from '../../../../platform/privacy/index.js';
import { AnswerQuestions } from '../../application/queries/answer-questions.js';
import { answerKinds, languages, type AnswerKind, type Language } from '../../domain/queries/answer.js';

class AskPointsBySmsBody {
  @TextField({
    maxLength: 64,
    pattern: /^[\x21-\x7e]+$/,
    patternMeans: 'the id of the gateway, without spaces',
    example: 'SMSC-20260201-000017',
  })
  messageId!: string;
  @TextField({ maxLength: 20, example: '13800138000', description: 'Who wrote; with or without +86' }) msisdn!: string;
  @TextField({ maxLength: 500, example: '查询积分', description: 'As it was written; it is not kept' }) text!: string;
}

class PointsSmsAnswerView {
  @TextField({ example: 'PointsSmsAnswer' }) '@type'!: string;
  @TextField({ example: 'SMSC-20260201-000017' }) messageId!: string;
  @EnumField({ values: answerKinds, enumName: 'PointsAnswerKind' }) answer!: AnswerKind;
  @EnumField({ values: languages, enumName: 'PointsAnswerLanguage' }) language!: Language;
  @TextField({ description: 'To be sent back', example: '尊敬的客户:您当前的可用积分为1800分,价值36.00元。' })
  reply!: string;
}

class AskPointsByVoiceBody {
  @TextField({ maxLength: 20, example: '13800138000', description: 'The caller; with or without +86' }) msisdn!: string;
  @EnumField({ values: languages, optional: true, description: 'As chosen in the menu; else the customer’s own' })
  language?: Language;
}

class PointsExpiringNextView {
  @IntegerField({ example: 800 }) points!: number;
  @DateField({ description: 'Last day of use', example: '2026-03-31' }) lastDay!: string;
}

class PointsVoiceAnswerView {
  @TextField({ example: 'PointsVoiceAnswer' }) '@type'!: string;
  @EnumField({ values: answerKinds, enumName: 'PointsAnswerKind' }) answer!: AnswerKind;
  @EnumField({ values: languages, enumName: 'PointsAnswerLanguage' }) language!: Language;
  @TextField({ description: 'To be read out', example: '尊敬的客户:您当前的可用积分为1800分,价值36.00元。' })
  text!: string;
  @IntegerField({ optional: true, description: 'With `balance` only, as all that follows', example: 1800 })
  available?: number | undefined;
  @IntegerField({ optional: true, example: 0 }) held?: number | undefined;
  @IntegerField({ optional: true, example: 3600 }) valueInFen?: number | undefined;
  @BooleanField({ optional: true, description: 'They cannot be used at present' }) isFrozen?: boolean | undefined;
  @ObjectField(() => PointsExpiringNextView, { optional: true, description: 'Absent when nothing expires' })
  expiresNext?: PointsExpiringNextView | undefined;
}

// A number in an address would be in every log between here and the client.
@ApiTags('Questions about points (积分查询)')
@Controller('/care-api/points/v1')
export class PointsQuestionsController {
  constructor(private readonly answering: AnswerQuestions) {}

  @Post('smsQuestion')
  @HttpCode(200)
  @Operation({
    summary: 'Answer a message about points (短信查询积分)',
    description:
      'What is to be sent back to whoever wrote a keyword. The same message id of the same number has the same answer, and is one look in the access register.',
    permission: 'points.ask',
    returns: PointsSmsAnswerView,
    refusals: [InvalidMsisdn],
  })
  async bySms(@Body() body: AskPointsBySmsBody, @CurrentActor() actor: Actor): Promise<PointsSmsAnswerView> {
    const { answer, language, reply } = await this.answering.bySms(body, actor);
    return { '@type': 'PointsSmsAnswer', messageId: body.messageId, answer, language, reply };
  }

  @Post('voiceQuestion')
  @HttpCode(200)
  @Operation({
    summary: 'Points of a caller, for the voice menu (自动语音查询积分)',
    description: 'As numbers, and as a sentence to be read out. Written to the access register.',
    permission: 'points.ask',
    returns: PointsVoiceAnswerView,
    refusals: [InvalidMsisdn],
  })
  async byVoice(
    @Body() { msisdn, language: asked }: AskPointsByVoiceBody,
    @CurrentActor() actor: Actor,
  ): Promise<PointsVoiceAnswerView> {
    const { answer, language, text, standing } = await this.answering.byVoice(msisdn, asked, actor);
    return {
      '@type': 'PointsVoiceAnswer',
      ...{ answer, language, text },
      available: standing?.available,
      held: standing?.held,
      valueInFen: standing?.valueInFen,
      isFrozen: standing?.isFrozen,
      expiresNext: standing?.expiresNext,
    };
  }
}
