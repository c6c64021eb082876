package org.memjcache.store;

import java.nio.ByteBuffer;

/**
 * {@link Storage} in the binary protocol: {@code Set}, {@code Add}, and {@code Replace} with a cas
 * token. A {@code Set} with a token would do the same, except that it removes the older item when
 * the new one is too large.
 */
final class BinaryStorage extends BinaryForm {

  /** A time that is past: 31 January 1970, the first second that isn't relative any more. */
  private static final int PAST = 30 * 24 * 60 * 60 + 1;

  private final Storage storage;
  private final Storage.Verb verb;
  private final int flags;
  private final int exptime;
  private final byte[] data;
  private final long cas;

  BinaryStorage(
      Storage storage,
      Storage.Verb verb,
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

  private static int opcode(Storage.Verb verb) {
    return switch (verb) {
      case SET -> BinaryPacket.SET;
      case ADD -> BinaryPacket.ADD;
      case CAS -> BinaryPacket.REPLACE;
    };
  }

  @Override
  int encodedSize() {
    return super.encodedSize() + (data.length < Outgoing.LARGE ? data.length : 0);
  }

  @Override
  int extrasLength() {
    return 8;
  }

  @Override
  void extras(Outgoing out) {
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
  boolean answered(BinaryPacket packet, ByteBuffer body) {
    switch (packet.status()) {
      case BinaryPacket.SUCCESS -> storage.answered(Storage.Result.STORED);
      case BinaryPacket.EXISTS ->
          storage.answered(
              verb == Storage.Verb.ADD ? Storage.Result.NOT_STORED : Storage.Result.EXISTS);
      case BinaryPacket.NOT_FOUND -> storage.answered(Storage.Result.NOT_FOUND);
      case BinaryPacket.TOO_LARGE -> storage.answered(Storage.Result.TOO_LARGE);
      case BinaryPacket.OUT_OF_MEMORY -> storage.answered(Storage.Result.OUT_OF_MEMORY);
      default -> {
        return false;
      }
    }
    return true;
  }
}
