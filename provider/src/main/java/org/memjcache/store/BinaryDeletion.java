package org.memjcache.store;

import java.nio.ByteBuffer;

/** {@link Deletion} in the binary protocol: {@code Delete}. */
final class BinaryDeletion extends BinaryForm {

  private final Deletion deletion;

  BinaryDeletion(Deletion deletion, String key) {
    super(deletion, BinaryPacket.DELETE, key);
    this.deletion = deletion;
  }

  @Override
  boolean answered(BinaryPacket packet, ByteBuffer body) {
    switch (packet.status()) {
      case BinaryPacket.SUCCESS -> deletion.answered(true);
      case BinaryPacket.NOT_FOUND -> deletion.answered(false);
      default -> {
        return false;
      }
    }
    return true;
  }
}
