package org.memjcache.store;

import java.nio.ByteBuffer;

/** {@link CompareAndDeletion} in the binary protocol, whose {@code Delete} takes a cas token. */
final class BinaryCompareAndDeletion extends BinaryForm {

  private final CompareAndDeletion deletion;
  private final long cas;

  BinaryCompareAndDeletion(CompareAndDeletion deletion, String key, long cas) {
    super(deletion, BinaryPacket.DELETE, key);
    this.deletion = deletion;
    this.cas = cas;
  }

  @Override
  long cas() {
    return cas;
  }

  @Override
  boolean answered(BinaryPacket packet, ByteBuffer body) {
    switch (packet.status()) {
      case BinaryPacket.SUCCESS -> deletion.answered(CompareAndDeletion.Result.DELETED);
      case BinaryPacket.EXISTS -> deletion.answered(CompareAndDeletion.Result.EXISTS);
      case BinaryPacket.NOT_FOUND -> deletion.answered(CompareAndDeletion.Result.NOT_FOUND);
      default -> {
        return false;
      }
    }
    return true;
  }
}
