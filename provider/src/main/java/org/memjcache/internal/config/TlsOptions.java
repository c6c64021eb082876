// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.memjcache.internal.text.ErrorText.invalid;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.value.TlsSettings;

/** What the options whose names begin with {@code tls} say together. Reads no file. Stateless. */
final class TlsOptions {

  private static final String ON = "tls=true (memcacheds:// in the URI)";

  static final OptionFormat<Path> FILE =
      new OptionFormat<>("the path of a file", TlsOptions::parsePath);

  static final OptionFormat<List<String>> PROTOCOLS =
      new OptionFormat<>(
          String.join(" or ", TlsSettings.ALL_PROTOCOLS) + ", or both with ',' between them",
          text ->
              OptionFormat.set("", TlsSettings.ALL_PROTOCOLS::contains)
                  .parser()
                  .apply(text)
                  .filter(names -> !names.isEmpty()));

  static final OptionFormat<List<String>> CIPHERS =
      OptionFormat.set("names of cipher suites such as TLS_AES_256_GCM_SHA384", name -> true);

  static final OptionFormat<String> PASSWORD =
      OptionFormat.text("the password of a key store", text -> !text.isEmpty());

  static final OptionFormat<SSLContext> CONTEXT =
      OptionFormat.object(
          "an object of javax.net.ssl.SSLContext, as the value of a property that code gives to the"
              + " manager",
          SSLContext.class);

  private TlsOptions() {}

  private static Optional<Path> parsePath(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text).toAbsolutePath());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Returns what the options say; null if no TLS is spoken. */
  static @Nullable TlsSettings settings(ResolvedOptions options) {
    if (!options.get(Options.TLS)) {
      Options.ofTls().forEach(option -> options.refuseIdle(option, Options.TLS, ON));
      return null;
    }
    TlsSettings settings =
        new TlsSettings(
            options.find(Options.TLS_TRUST).orElse(null),
            options.find(Options.TLS_TRUST_PASSWORD).orElse(null),
            options.find(Options.TLS_CERTIFICATE).orElse(null),
            options.find(Options.TLS_CERTIFICATE_PASSWORD).orElse(null),
            options.find(Options.TLS_KEY).orElse(null),
            options.get(Options.TLS_VERIFY),
            options.get(Options.TLS_PROTOCOLS),
            options.get(Options.TLS_CIPHERS),
            options.find(Options.TLS_CONTEXT).orElse(null));
    requireNo(settings.context(), Options.TLS_CONTEXT, settings.trust(), Options.TLS_TRUST);
    requireNo(
        settings.context(), Options.TLS_CONTEXT, settings.certificate(), Options.TLS_CERTIFICATE);
    require(settings.key(), Options.TLS_KEY, settings.certificate(), Options.TLS_CERTIFICATE);
    require(
        settings.trustPassword(), Options.TLS_TRUST_PASSWORD, settings.trust(), Options.TLS_TRUST);
    require(
        settings.certificatePassword(),
        Options.TLS_CERTIFICATE_PASSWORD,
        settings.certificate(),
        Options.TLS_CERTIFICATE);
    requireNo(
        settings.key(),
        Options.TLS_KEY,
        settings.certificatePassword(),
        Options.TLS_CERTIFICATE_PASSWORD);
    return settings;
  }

  /** Refuses an option that says something of a file which no option names. */
  private static void require(
      @Nullable Object given, Option<?> option, @Nullable Object needed, Option<?> other) {
    if (given != null && needed == null) {
      throw invalid(
          "option '%s' is given, but '%s' is not set; expected both or neither",
          option.name(), other.name());
    }
  }

  private static void requireNo(
      @Nullable Object one, Option<?> option, @Nullable Object two, Option<?> other) {
    if (one != null && two != null) {
      throw invalid(
          "option '%s' is given, and '%s' as well; expected one of them",
          option.name(), other.name());
    }
  }
}
