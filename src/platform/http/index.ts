/**
 * HTTP in TM Forum's way (TMF630), once for every module.
 *
 * ```ts
 * // http/ticket.resource.ts
 * export const tickets = defineResource({
 *   type: 'TroubleTicket',
 *   path: '/tmf-api/troubleTicket/v4/troubleTicket',
 *   attributes: {
 *     id: { type: 'id', column: 't.id', filter: true },
 *     status: { type: 'enum', column: 't.status', values: STATUSES, filter: true, sort: true },
 *     creationDate: { type: 'instant', column: 't.created_at', filter: true, sort: true },
 *     'relatedParty.id': { type: 'id', filter: true, where: (ids) =>
 *       `EXISTS (SELECT 1 FROM tickets.related_party r WHERE r.ticket_id = t.id AND r.party_id = ANY(${ids}))` },
 *   },
 *   defaultSort: '-creationDate',
 *   patchable: ['description', 'severity'],
 * });
 *
 * // http/ticket.dto.ts
 * export class TicketView {
 *   @IdField({ readOnly: true }) id!: string;
 *   @TextField({ readOnly: true }) href!: string;
 *   @TextField({ example: 'TroubleTicket' }) '@type'!: string;
 *   @EnumField({ values: STATUSES }) status!: string;
 *   @InstantField() creationDate!: Date;
 * }
 * @KeepsUnknownAttributes() // TMF resources only
 * export class CreateTicket {
 *   @TextField({ maxLength: 4000, example: 'No signal at home' }) description!: string;
 *   @ListField(() => RelatedParty, { min: 1 }) relatedParty!: RelatedParty[];
 * }
 * export class PatchTicket { // every field optional, and nullable where null may remove it
 *   @TextField({ optional: true }) description?: string;
 * }
 *
 * // http/tickets.controller.ts
 * @ApiTags('Trouble tickets (投诉工单)')
 * @Controller(tickets.path)
 * export class TicketsController {
 *   @Get()
 *   @Operation({ summary: 'List trouble tickets (查询工单)', permission: 'tickets.read', returns: TicketView })
 *   list(@ListQuery(tickets) list: ListRequest): Promise<Page<TicketView>> {
 *     return readPage<TicketRow, TicketView>(this.database, list,
 *       { select: 't.id, t.status, t.created_at', from: 'tickets.ticket t' }, viewOf);
 *   }                                   // X-Total-Count, X-Result-Count and fields= are done for you
 *
 *   @Get(':id')
 *   @Operation({ summary: 'One trouble ticket (工单详情)', permission: 'tickets.read', returns: TicketView, refusals: [ResourceNotFound] })
 *   get(@Param('id', ResourceIdPipe) id: string): Promise<TicketView> { … }   // fields= is done for you
 *
 *   @Post()
 *   @Operation({ summary: 'Open a trouble ticket (受理投诉)', permission: 'tickets.create', creates: TicketView,
 *     idempotent: true, refusals: [CustomerNotFound, 'conflict tickets.already-open'] })
 *   async open(@Body() body: CreateTicket, @CurrentActor() actor: Actor): Promise<TicketView> { … }  // Location from href
 *
 *   @Patch(':id')
 *   @Operation({ summary: 'Change a trouble ticket (修改工单)', permission: 'tickets.work', returns: TicketView })
 *   async patch(@Param('id', ResourceIdPipe) id: string, @Body() patch: PatchTicket): Promise<TicketView> {
 *     const after = applyMergePatch(await this.load(id), patch, tickets); …
 *   }
 * }
 * const viewOf = (row: TicketRow): TicketView => ({ ...headOf(tickets, row.id), status: row.status, creationDate: row.created_at });
 * ```
 */
export * from './access.js';
export { AsOfQuery } from './as-of-query.js';
export { CustomerPlaces, ResolvesCustomer, ResolvesUnit } from './concerns.js';
export type { Concerns, CustomerResolver, UnitResolver } from './concerns.js';
export * from './configure-http.js';
export * from './error-body.js';
export * from './fields.js';
export { FreshCodeNeeded } from './fresh-code.js';
export { ProtocolRefusal, resourceId, ResourceNotFound, UnsupportedMediaType } from './http-refusals.js';
export { HttpModule } from './http.module.js';
export { IdempotencyKeyReused, IdempotencyKeys, RequestInProgress } from './idempotency-keys.js';
export * from './idempotent.js';
export * from './list-request.js';
export * from './list-sql.js';
export * from './merge-patch.js';
export { buildOpenApi, SIGN_IN_PATH } from './openapi-document.js';
export * from './operation.js';
export * from './outbound.js';
export * from './page.js';
export * from './params.js';
export * from './refusal-register.js';
export { FileTooLarge, wholeFile, wholeSmallFile } from './request-body.js';
export { InvalidReason } from './reason.js';
export * from './resource.js';
export { routesIn, routesOf } from './routes.js';
export type { Route } from './routes.js';
export * from './select-fields.js';
export { answerList, TooManyStreams, type Showing } from './stream-rows.js';
export { NotForCustomers } from './self-service.js';
export { tables } from './tables.js';
export { TooManyRequests, type RequestLimit } from './throttle.js';
export { InvalidInput, problemOfJson, validated, ValidateInput } from './validate-input.pipe.js';
export type { Violation } from './validate-input.pipe.js';
