package org.memjcache.internal.client.binary;

import java.nio.ByteBuffer;
import org.memjcache.internal.client.command.IncrementRequest;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.RequestBuffer;

/**
 * {@link IncrementRequest} in the binary protocol: {@code IncrementRequest} that creates nothing.
 */
public final class BinaryIncrement extends BinaryRequest {

  /** An expiration of all ones: a missing item is left missing. */
  private static final long CREATE_NOTHING = 0xffff_ffffL;

  private final IncrementRequest increment;
  private final long delta;

  public BinaryIncrement(IncrementRequest increment, String key, long delta) {
    super(increment, BinaryHeader.INCREMENT, key);
    this.increment = increment;
    this.delta = delta;
  }

  @Override
  int extrasLength() {
    return 20;
  }

  @Override
  void extras(RequestBuffer out) {
    out.binary(delta, 8).binary(0, 8).binary(CREATE_NOTHING, 4);
  }

  @Override
  boolean answered(BinaryHeader packet, ByteBuffer body) {
    switch (packet.status()) {
      case BinaryHeader.SUCCESS -> increment.answered(number(packet, body));
      case BinaryHeader.NOT_FOUND -> {} // the request's value is empty
      default -> {
        return false;
      }
    }
    return true;
  }

  private static long number(BinaryHeader packet, ByteBuffer body) {
    if (packet.bodyLength() != 8 || packet.valueLength() != 8) {
      throw new ProtocolException("no number of 8 bytes: " + packet);
    }
    return body.getLong(0);
  }
}
