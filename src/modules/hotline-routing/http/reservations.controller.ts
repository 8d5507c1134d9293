import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Operation, ResourceIdPipe } from '../../../platform/http/index.js';
import { AcceptReservation } from '../application/accept-reservation.js';
import { FindRouting } from '../application/find-routing.query.js';
import { RejectReservation } from '../application/reject-reservation.js';
import {
  ReservationDecided,
  ReservationNotFound,
  ReservationRescinded,
  ReservationTooLate,
} from '../domain/refusals.js';
import { RejectDto, ReservationView } from './routing.dto.js';
import { reservations } from './routing.resource.js';
import { reservationView } from './views.js';

@ApiTags('Hotline routing (热线路由)')
@Controller(reservations.path)
export class ReservationsController {
  constructor(
    private readonly accepting: AcceptReservation,
    private readonly rejecting: RejectReservation,
    private readonly find: FindRouting,
  ) {}

  @Post(':id/accept')
  @Operation({
    summary: 'The agent takes the call (坐席应答)',
    permission: 'routing.contact',
    returns: ReservationView,
    refusals: [ReservationNotFound, ReservationTooLate, ReservationDecided, ReservationRescinded],
  })
  async accept(@Param('id', ResourceIdPipe) id: string): Promise<ReservationView> {
    await this.accepting.execute(id);
    return reservationView(await this.find.reservation(id));
  }

  @Post(':id/reject')
  @Operation({
    summary: 'The agent does not take the call (坐席拒接)',
    description: 'The contact goes back to its place, and for a while not to this agent again.',
    permission: 'routing.contact',
    returns: ReservationView,
    refusals: [ReservationNotFound, ReservationDecided],
  })
  async reject(@Param('id', ResourceIdPipe) id: string, @Body() body: RejectDto): Promise<ReservationView> {
    await this.rejecting.execute(id, body.cause);
    return reservationView(await this.find.reservation(id));
  }
}
