package org.memjcache.internal.config;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The text that a manager is found by: the same for two URIs if and only if they are equal, as
 * {@link URI#equals} has it, which leaves aside the case of scheme, host and escapes.
 *
 * <p>A URI keeps each of its parts as a text of its own, which is several times as much as this
 * one, for each of many tenants.
 */
public final class UriKey {

  private UriKey() {}

  /** Returns the key of a URI; the URI's own text if it is spelled as the key is. */
  public static String of(URI uri) {
    StringBuilder key = new StringBuilder(uri.toString().length());
    if (uri.getScheme() != null) {
      key.append(uri.getScheme().toLowerCase(Locale.ROOT)).append(':');
    }
    if (uri.isOpaque()) {
      key.append(uri.getRawSchemeSpecificPart());
    } else {
      appendAuthority(key, uri);
      key.append(uri.getRawPath());
      appendAfter(key, '?', uri.getRawQuery());
    }
    appendAfter(key, '#', uri.getRawFragment());
    raiseEscapes(key);
    return uri.toString().contentEquals(key) ? uri.toString() : key.toString();
  }

  private static void appendAuthority(StringBuilder key, URI uri) {
    if (uri.getRawAuthority() == null) {
      return;
    }
    key.append("//");
    if (uri.getHost() == null) { // several servers, say: the JDK takes the case to matter
      key.append(uri.getRawAuthority());
      return;
    }
    if (uri.getRawUserInfo() != null) {
      key.append(uri.getRawUserInfo()).append('@');
    }
    key.append(uri.getHost().toLowerCase(Locale.ROOT));
    if (uri.getPort() >= 0) {
      key.append(':').append(uri.getPort());
    }
  }

  private static void appendAfter(StringBuilder key, char mark, @Nullable String part) {
    if (part != null) {
      key.append(mark).append(part);
    }
  }

  /** Writes the digits of all escapes as capitals. */
  private static void raiseEscapes(StringBuilder key) {
    for (int i = key.indexOf("%"); i >= 0; i = key.indexOf("%", i + 1)) {
      for (int digit = i + 1; digit < Math.min(i + 3, key.length()); digit++) {
        key.setCharAt(digit, Character.toUpperCase(key.charAt(digit)));
      }
    }
  }
}
