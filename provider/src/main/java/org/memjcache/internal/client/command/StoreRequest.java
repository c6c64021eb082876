// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code set}, {@code add} or {@code cas}: stores a value under a key, with 32 bits of flags, for
 * the time that {@link Exptime} says. The value is not copied, so it must never be changed.
 */
public final class StoreRequest extends LineRequest {

  /** What the server did. */
  public enum Result {
    /** The value is stored. */
    STORED("STORED"),
    /** {@code add}: the key is taken. */
    NOT_STORED("NOT_STORED"),
    /** {@code cas}: the item has changed since its token was read. */
    EXISTS("EXISTS"),
    /** {@code cas}: there is no such item any more. */
    NOT_FOUND("NOT_FOUND"),
    /**
     * The item is larger than the server takes (option {@code -I}). After {@code set} the older
     * item is gone; {@code add} and {@code cas} leave it.
     */
    TOO_LARGE("SERVER_ERROR object too large for cache"),
    /**
     * The server has no memory left for an item of this size. After {@code set} the older item is
     * gone; {@code add} and {@code cas} leave it.
     */
    OUT_OF_MEMORY("SERVER_ERROR out of memory storing object");

    @SuppressWarnings("ImmutableEnumChecker") // shared with none
    private final byte[] line;

    Result(String line) {
      this.line = ResponseLines.ascii(line);
    }
  }

  /** Under what condition to store. */
  public enum Verb {
    SET("set "),
    ADD("add "),
    CAS("cas ");

    private final String word;

    Verb(String word) {
      this.word = word;
    }
  }

  private static final Result[] RESULTS = Result.values();

  // "cas" and four numbers of at most 20 digits with blanks before them, and two line ends.
  private static final int MOST_BUT_KEY_AND_DATA = 4 + 11 + 12 + 12 + 21 + 4;

  private final Verb verb;
  private final int flags;
  private final int exptime;
  private final byte[] data;
  private final CasToken token;
  private long cas;
  private @Nullable Result result;

  private StoreRequest(Verb verb, String key, int flags, int exptime, byte[] data, CasToken token) {
    super(key);
    this.verb = verb;
    this.flags = flags;
    this.exptime = exptime;
    this.data = Objects.requireNonNull(data, "data");
    this.token = token;
    this.cas = token.unique();
  }

  /** Returns how long the value is. */
  public int size() {
    return data.length;
  }

  /** Creates a request that stores the value whatever was there before. */
  public static StoreRequest set(String key, int flags, int exptime, byte[] data) {
    return new StoreRequest(Verb.SET, key, flags, exptime, data, CasToken.NONE);
  }

  /** Creates a request that stores the value if the key is free. */
  public static StoreRequest add(String key, int flags, int exptime, byte[] data) {
    return new StoreRequest(Verb.ADD, key, flags, exptime, data, CasToken.NONE);
  }

  /** Creates a request that stores the value if the item is the one whose cas token was read. */
  public static StoreRequest cas(String key, int flags, int exptime, byte[] data, CasToken token) {
    return new StoreRequest(Verb.CAS, key, flags, exptime, data, token);
  }

  /** Returns what the server did. */
  public Result result() {
    requireResult();
    return Objects.requireNonNull(result);
  }

  /** Returns whether the value is stored only in the place of the item that was read. */
  public boolean isConditional() {
    return verb == Verb.CAS;
  }

  @Override
  public void sendOver(int life) {
    cas = token.over(life);
  }

  /** Takes what the server did. */
  public void answered(Result done) {
    result = done;
  }

  public Verb verb() {
    return verb;
  }

  public int flags() {
    return flags;
  }

  public int exptime() {
    return exptime;
  }

  public byte[] data() {
    return data;
  }

  /** Returns the cas token to send, once it is known over which connection. */
  public long cas() {
    return cas;
  }

  @Override
  public int encodedSize() {
    return MOST_BUT_KEY_AND_DATA
        + key.length()
        + (data.length < RequestBuffer.LARGE ? data.length : 0);
  }

  @Override
  public void encode(RequestBuffer out) {
    out.text(verb.word).text(key).unsigned(Integer.toUnsignedLong(flags)).number(exptime);
    out.number(data.length);
    if (verb == Verb.CAS) {
      out.unsigned(cas);
    }
    out.endOfLine().value(data).endOfLine();
  }

  @Override
  void read(ByteBuffer in, int end) {
    for (Result possible : RESULTS) {
      if (ResponseLines.is(in, end, possible.line)) {
        result = possible;
        return;
      }
    }
    // A server that reports its own error has read the value off the connection. One that did not
    // understand the command line would go on to read the value as commands.
    if (!ErrorLine.isOfServer(in, end)) {
      throw new ProtocolException(ResponseLines.excerpt(in, end));
    }
    takeErrorLine(in, end);
  }
}
