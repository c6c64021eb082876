package org.memjcache.internal.client.binary;

import java.nio.ByteBuffer;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.command.StoreRequest;

/**
 * {@link StoreRequest} in the binary protocol: {@code Set}, {@code Add}, and {@code Replace} with a
 * cas token. A {@code Set} with a token would do the same, except that it removes the older item
 * when the new one is too large.
 */
public final class BinaryStore extends BinaryRequest {

  /** A time that is past: 31 January 1970, the first second that isn't relative any more. */
  private static final int PAST = 30 * 24 * 60 * 60 + 1;

  private final StoreRequest storage;
  private final StoreRequest.Verb verb;
  private final int flags;
  private final int exptime;
  private final byte[] data;
  private final long cas;

  public BinaryStore(
      StoreRequest storage,
      StoreRequest.Verb verb,
      String key,
      int flags,
      int exptime,
      byte[] data,
      long cas) {
    super(storage, opcode(verb), key);
    this.storage = storage;
    this.verb = verb;
    this.flags = flags;
    this.exptime = exptime;
    this.data = data;
    this.cas = cas;
  }

  private static int opcode(StoreRequest.Verb verb) {
    return switch (verb) {
      case SET -> BinaryHeader.SET;
      case ADD -> BinaryHeader.ADD;
      case CAS -> BinaryHeader.REPLACE;
    };
  }

  @Override
  public int encodedSize() {
    return super.encodedSize() + (data.length < RequestBuffer.LARGE ? data.length : 0);
  }

  @Override
  int extrasLength() {
    return 8;
  }

  @Override
  void extras(RequestBuffer out) {
    // There is no sign here: what is negative in text would be the year 2106.
    out.binary(flags, 4).binary(exptime < 0 ? PAST : exptime, 4);
  }

  @Override
  long cas() {
    return cas;
  }

  @Override
  byte[] value() {
    return data;
  }

  @Override
  boolean answered(BinaryHeader packet, ByteBuffer body) {
    switch (packet.status()) {
      case BinaryHeader.SUCCESS -> storage.answered(StoreRequest.Result.STORED);
      case BinaryHeader.EXISTS ->
          storage.answered(
              verb == StoreRequest.Verb.ADD
                  ? StoreRequest.Result.NOT_STORED
                  : StoreRequest.Result.EXISTS);
      case BinaryHeader.NOT_FOUND -> storage.answered(StoreRequest.Result.NOT_FOUND);
      case BinaryHeader.TOO_LARGE -> storage.answered(StoreRequest.Result.TOO_LARGE);
      case BinaryHeader.OUT_OF_MEMORY -> storage.answered(StoreRequest.Result.OUT_OF_MEMORY);
      default -> {
        return false;
      }
    }
    return true;
  }
}
