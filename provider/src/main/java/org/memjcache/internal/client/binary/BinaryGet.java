// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.binary;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.command.RequestEncoding;
import org.memjcache.internal.client.command.ResponseLines;
import org.memjcache.internal.client.command.ValueBuffer;

/**
 * {@link GetRequest} in the binary protocol: a {@code GetKQ} for each key, which is answered only
 * if there is an item, and a {@code Noop}, whose answer says that no more items come.
 *
 * <p>Each answer names its key and the number that the request had, which is the key's position. A
 * packet for another key, or out of order, would belong to somebody else's question.
 */
final class BinaryGet extends RequestEncoding {

  private static final int FLAGS = 4;

  private final GetRequest request;
  private final List<String> keys;
  private final @Nullable Item[] items;

  /** The first key that a packet may still come for. */
  private int cursor;

  // The packet being read.
  private @Nullable BinaryHeader header;
  private @Nullable ValueBuffer value;
  private int flags;

  BinaryGet(GetRequest request) {
    this.request = request;
    this.keys = request.keys();
    this.items = new Item[keys.size()];
  }

  @Override
  public int encodedSize() {
    int size = BinaryHeader.LENGTH * (keys.size() + 1);
    for (int i = 0; i < keys.size(); i++) {
      size += keys.get(i).length();
    }
    return size;
  }

  @Override
  public void encode(RequestBuffer out) {
    for (int i = 0; i < keys.size(); i++) {
      String key = keys.get(i);
      BinaryHeader.header(out, BinaryHeader.GET_QUIETLY_WITH_KEY, 0, key.length(), 0, i, 0);
      out.text(key);
      out.endRequest();
    }
    BinaryHeader.header(out, BinaryHeader.NOOP, 0, 0, 0, keys.size(), 0);
  }

  @Override
  public boolean decode(ByteBuffer in) {
    while (true) {
      if (header == null) {
        header = BinaryHeader.take(in);
        if (header == null) {
          return false;
        }
        check(header);
      }
      if (value == null && !begin(header, in)) {
        return false;
      }
      if (value != null && !value.fill(in)) {
        return false;
      }
      BinaryHeader packet = header;
      if (packet.opcode() == BinaryHeader.NOOP) {
        request.take(items);
        return true;
      }
      end(packet);
    }
  }

  private void check(BinaryHeader packet) {
    if (!isAwaited(packet)) {
      throw new ProtocolException("a response to another request: " + packet);
    }
    boolean fits =
        isItem(packet)
            ? packet.extrasLength() == FLAGS
            : packet.bodyLength() <= ResponseLines.MAX_LINE;
    if (!fits) {
      throw new ProtocolException("a response of another form: " + packet);
    }
  }

  private boolean isAwaited(BinaryHeader packet) {
    int index = packet.opaque();
    return switch (packet.opcode()) {
      case BinaryHeader.NOOP -> index == keys.size();
      case BinaryHeader.GET_QUIETLY_WITH_KEY -> index >= cursor && index < keys.size();
      default -> false;
    };
  }

  private static boolean isItem(BinaryHeader packet) {
    return packet.opcode() == BinaryHeader.GET_QUIETLY_WITH_KEY
        && packet.status() == BinaryHeader.SUCCESS;
  }

  /** Reads what stands before a value, or all of an error; false if it has not arrived. */
  private boolean begin(BinaryHeader packet, ByteBuffer in) {
    boolean item = isItem(packet);
    int length = item ? FLAGS + packet.keyLength() : packet.bodyLength();
    if (item && packet.keyLength() != keys.get(packet.opaque()).length()) {
      throw new ProtocolException("an item of another key: " + packet);
    }
    if (in.remaining() < length) {
      return false;
    }
    if (item) {
      flags = in.getInt(in.position());
      requireKey(in, in.position() + FLAGS, keys.get(packet.opaque()));
      value = ValueBuffer.of(packet.valueLength(), packet::toString);
    } else if (packet.status() != BinaryHeader.SUCCESS) {
      request.refusedWith(packet.error(in.slice(in.position(), length)));
    }
    in.position(in.position() + length);
    return true;
  }

  private static void requireKey(ByteBuffer in, int from, String key) {
    for (int i = 0; i < key.length(); i++) {
      if (in.get(from + i) != key.charAt(i)) {
        throw new ProtocolException("an item of another key than " + key);
      }
    }
  }

  private void end(BinaryHeader packet) {
    int index = packet.opaque();
    if (value != null) {
      CasToken token =
          request.isWithCas() ? new CasToken(packet.cas(), request.life()) : CasToken.NONE;
      items[index] = new Item(keys.get(index), flags, token, value.bytes());
    }
    cursor = index + 1;
    header = null;
    value = null;
  }
}
