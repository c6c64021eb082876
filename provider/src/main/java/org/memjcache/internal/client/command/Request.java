// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.RequestFailedException.Kind;

/**
 * One request to one server: its bytes and how its response is read, in the text protocol.
 *
 * <p>A request is used once, in one round trip, and is not thread-safe. Its result may be asked for
 * as soon as the round trip has run. If that threw, each request still tells for itself: results of
 * requests that were answered are good, all others throw their own {@link #failure}.
 *
 * <p>Keys are 1 to 250 printable ASCII characters without blanks; anything else is an {@link
 * IllegalArgumentException} when the request is made.
 */
public abstract sealed class Request extends RequestEncoding permits GetRequest, LineRequest {

  /** The longest key in bytes ({@code protocol.txt}, "Keys"). */
  public static final int MAX_KEY_LENGTH = 250;

  private boolean inTrip;
  private boolean completed;
  private @Nullable String refusal;
  private @Nullable RequestFailedException failure;
  private RequestFailedException.@Nullable Unmade whyGivenUp;
  private @Nullable LateResponse lateResponse;

  Request() {}

  /**
   * Returns why there is no result, or null if there is one or the round trip has not run. Each
   * call may make another exception; {@link #failureKind} tells without one whether it failed.
   */
  public final @Nullable RequestFailedException failure() {
    return whyGivenUp == null ? failure : whyGivenUp.exception().get();
  }

  /** Returns of what kind the {@link #failure} is; null if there is none. */
  public final @Nullable Kind failureKind() {
    return whyGivenUp != null ? whyGivenUp.kind() : failure == null ? null : failure.kind();
  }

  /**
   * Returns whether this one's failure is to be thrown where another may have failed, too. One that
   * isn't of a server goes first: operations may go on without that server.
   */
  public final boolean failsBefore(@Nullable Request other) {
    Kind own = failureKind();
    Kind others = other == null ? null : other.failureKind();
    return own != null && (others == null || (others.isOfServer() && !own.isOfServer()));
  }

  /** Returns what becomes of this request if it was sent and {@linkplain #giveUp given up}. */
  public final @Nullable LateResponse lateResponse() {
    return lateResponse;
  }

  /**
   * Tells over which connection this is about to be sent, before it is encoded.
   *
   * @param life the life of the server that it belongs to, as in {@link CasToken}
   */
  public void sendOver(int life) {}

  /** Returns the error line with which the server answered this request, or null. */
  public final @Nullable String refusal() {
    return refusal;
  }

  /** Marks this request as part of a trip; it can be in one only. */
  public final void joinTrip() {
    if (inTrip) {
      throw new IllegalStateException("A request can be used in one trip only");
    }
    inTrip = true;
  }

  /** Ends the request: with a failure, or with its result if that is null. */
  public final void complete(@Nullable RequestFailedException failureOrNull) {
    completed = true;
    failure = failureOrNull;
  }

  /**
   * Ends the request with a failure. If it was sent, its response may still come, and until then
   * the connection keeps this request. So it keeps no exception, whose stack trace would keep the
   * classes of an application.
   *
   * @param late null if it was not sent
   */
  public final void giveUp(RequestFailedException.Unmade why, @Nullable LateResponse late) {
    completed = true;
    whyGivenUp = why;
    lateResponse = late;
  }

  final boolean isCompleted() {
    return completed;
  }

  /** Throws what keeps this request from having a result, if anything does. */
  final void requireResult() {
    RequestFailedException why = failure();
    if (why != null) {
      throw why;
    }
    if (!completed) {
      throw new IllegalStateException("The trip of this request has not run");
    }
  }

  /**
   * Takes an {@link ErrorLine} as the answer to this request.
   *
   * @param end the position of the line's LF
   * @throws ProtocolException if the line is no error line either
   */
  final void takeErrorLine(ByteBuffer in, int end) {
    ErrorLine.require(in, end);
    refusedWith(ResponseLines.line(in, end));
  }

  /** Takes an error that was answered to this request. */
  public final void refusedWith(String error) {
    refusal = error;
  }

  /** Returns the key if memcached takes it. */
  public static String requireKey(String key) {
    int length = Objects.requireNonNull(key, "key").length();
    if (length == 0 || length > MAX_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "A memcached key has 1 to " + MAX_KEY_LENGTH + " bytes, not " + length + ": " + key);
    }
    int outside = 0; // below zero as soon as one character is below or above what may be
    for (int i = 0; i < length; i++) {
      int c = key.charAt(i);
      outside |= (c - '!') | ('~' - c);
    }
    if (outside < 0) {
      throw wrongCharacter(key);
    }
    return key;
  }

  private static IllegalArgumentException wrongCharacter(String key) {
    int i = 0;
    while (key.charAt(i) >= '!' && key.charAt(i) <= '~') {
      i++;
    }
    return new IllegalArgumentException(
        "A memcached key is printable ASCII without blanks, but character "
            + i
            + " is "
            + Integer.toHexString(key.charAt(i))
            + " (hexadecimal)");
  }
}
