import { AnswerQuestions } from '../application/queries/answer-questions.js';
import { FindStanding } from '../application/queries/find-standing.query.js';
import { QuestionsInCopy } from '../application/queries/questions-in-copy.js';
import { PointsQuestionsController } from '../http/queries/questions.controller.js';

/** What customers ask about their points by message and by voice menu. */
export const queries = {
  controllers: [PointsQuestionsController],
  providers: [FindStanding, AnswerQuestions, QuestionsInCopy],
};
