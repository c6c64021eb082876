package org.memjcache.store;

import java.nio.ByteBuffer;

/** {@link Increment} in the binary protocol: {@code Increment} that creates nothing. */
final class BinaryIncrement extends BinaryForm {

  /** An expiration of all ones: a missing item is left missing. */
  private static final long CREATE_NOTHING = 0xffff_ffffL;

  private final Increment increment;
  private final long delta;

  BinaryIncrement(Increment increment, String key, long delta) {
    super(increment, BinaryPacket.INCREMENT, key);
    this.increment = increment;
    this.delta = delta;
  }

  @Override
  int extrasLength() {
    return 20;
  }

  @Override
  void extras(Outgoing out) {
    out.binary(delta, 8).binary(0, 8).binary(CREATE_NOTHING, 4);
  }

  @Override
  boolean answered(BinaryPacket packet, ByteBuffer body) {
    switch (packet.status()) {
      case BinaryPacket.SUCCESS -> increment.answered(number(packet, body));
      case BinaryPacket.NOT_FOUND -> {} // the request's value is empty
      default -> {
        return false;
      }
    }
    return true;
  }

  private static long number(BinaryPacket packet, ByteBuffer body) {
    if (packet.bodyLength() != 8 || packet.valueLength() != 8) {
      throw new ProtocolException("no number of 8 bytes: " + packet);
    }
    return body.getLong(0);
  }
}
