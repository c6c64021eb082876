// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.memjcache.internal.config.OptionFormat.CLASS_NAME;
import static org.memjcache.internal.config.OptionFormat.FLAG;
import static org.memjcache.internal.config.OptionFormat.duration;
import static org.memjcache.internal.config.OptionFormat.text;
import static org.memjcache.internal.config.OptionFormat.wholeNumber;
import static org.memjcache.internal.config.OptionFormat.word;
import static org.memjcache.internal.text.ErrorText.invalid;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.cache.configuration.Factory;
import javax.cache.expiry.ExpiryPolicy;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.memjcache.Consistency;
import org.memjcache.FailureMode;
import org.memjcache.NearLimit;
import org.memjcache.UnreadableMode;
import org.memjcache.internal.config.value.Compression;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.internal.config.value.Credentials;
import org.memjcache.internal.config.value.EventQueueLimits;
import org.memjcache.internal.config.value.Protocol;
import org.memjcache.internal.config.value.TlsSettings;
import org.memjcache.internal.config.value.TlsSettings.Verification;
import org.memjcache.internal.text.DidYouMean;
import org.memjcache.internal.text.ErrorText;

/**
 * The tables of all options: those of managers, and those of caches, which are given as {@code
 * cache.<name or pattern>.<setting>}. Each is one entry here (name, default, what is accepted) and
 * one row in docs/configuration.md, which says what the option does; its value is kept by {@link
 * ManagerSettings}, or for caches by {@link CacheDefaults} and {@link
 * org.memjcache.MemcachedConfiguration}.
 */
public final class Options {

  /** What the names of options begin with that concern caches. */
  static final String CACHE_PREFIX = "cache.";

  private static final List<Option<?>> MANAGER = new ArrayList<>();
  private static final List<Option<?>> CACHE = new ArrayList<>();

  static final Option<Servers> SERVERS = manager("servers", null, Servers.FORMAT);
  static final Option<List<String>> NAMESPACE = manager("namespace", null, NamespacePath.FORMAT);
  static final Option<Duration> DISCOVERY_INTERVAL =
      manager("discovery.interval", "10s", duration("100ms", "1h"));
  static final Option<Duration> DISCOVERY_GRACE =
      manager("discovery.grace", "30s", duration("0s", "1h"));
  static final Option<Object> RESOLVER = manager("resolver", null, OptionFormat.RESOLVER);
  static final Option<Duration> TIMEOUT = manager("timeout", "1s", duration("1ms", "1h"));
  static final Option<Duration> CONNECT_TIMEOUT =
      manager("connectTimeout", "2500ms", duration("1ms", "1h"));
  static final Option<Integer> CONNECTIONS = manager("connections", "1", wholeNumber(1, 64));
  static final Option<List<String>> SERIALIZATION_ALLOW =
      manager("serialization.allow", "", OptionFormat.ALLOWED_CLASSES);
  static final Option<String> SERIALIZER = manager("serializer", null, CLASS_NAME);
  static final Option<Compression> COMPRESSION =
      manager("compression", "none", word(Compression.values()));
  static final Option<Integer> COMPRESSION_THRESHOLD =
      manager(
          "compression.threshold",
          "" + CompressionRule.DEFAULT_THRESHOLD,
          wholeNumber(1, 999_999_999));
  static final Option<Integer> COMPRESSION_LIMIT =
      manager("compression.limit", "" + CompressionRule.DEFAULT_LIMIT, wholeNumber(1, 999_999_999));
  static final Option<Consistency> CONSISTENCY =
      manager("consistency", "strict", word(Consistency.values()));
  static final Option<Duration> STALENESS = manager("staleness", "100ms", duration("1ms", "1h"));
  static final Option<FailureMode> FAILURE =
      manager("failure", "throw", word(FailureMode.values()));
  static final Option<Integer> LISTENER_EVENTS =
      manager("listener.events", "" + EventQueueLimits.DEFAULT_EVENTS, wholeNumber(1, 999_999_999));
  static final Option<Integer> LISTENER_BYTES =
      manager("listener.bytes", "" + EventQueueLimits.DEFAULT_BYTES, wholeNumber(1, 999_999_999));
  static final Option<Duration> LISTENER_WAIT =
      manager("listener.wait", "1s", duration("0ms", "1h"));
  static final Option<UnreadableMode> UNREADABLE =
      manager("unreadable", "miss", word(UnreadableMode.values()));
  static final Option<Duration> CLOSE_WAIT = manager("close.wait", "0s", duration("0s", "1h"));
  static final Option<Duration> LOAD_WAIT = manager("load.wait", "10s", duration("0s", "1h"));
  static final Option<Duration> LOAD_LEASE = manager("load.lease", "0s", duration("0s", "1h"));
  static final Option<Duration> LOAD_NULL = manager("load.null", "0s", duration("0s", "30d"));
  static final Option<Duration> CLEAR_GRACE = manager("clear.grace", "0s", duration("0s", "30d"));
  static final Option<Boolean> CLEAR_GRACE_PLAIN = manager("clear.grace.plain", "false", FLAG);
  static final Option<Secrets> SECRET = secret("secret", Secrets.FORMAT);
  static final Option<Protocol> PROTOCOL = manager("protocol", "text", word(Protocol.values()));
  static final Option<String> USER =
      manager("user", null, text(Credentials.USER_FORM, Credentials::isUser));
  static final Option<String> PASSWORD =
      secret("password", text(Credentials.PASSWORD_FORM, Credentials::isPassword));
  static final Option<Boolean> TLS = manager("tls", "false", FLAG);
  static final Option<Path> TLS_TRUST = manager("tls.trust", null, TlsOptions.FILE);
  static final Option<String> TLS_TRUST_PASSWORD =
      secret("tls.trust.password", TlsOptions.PASSWORD);
  static final Option<Path> TLS_CERTIFICATE = manager("tls.certificate", null, TlsOptions.FILE);
  static final Option<String> TLS_CERTIFICATE_PASSWORD =
      secret("tls.certificate.password", TlsOptions.PASSWORD);
  static final Option<Path> TLS_KEY = manager("tls.key", null, TlsOptions.FILE);
  static final Option<Verification> TLS_VERIFY =
      manager("tls.verify", "hostname", word(Verification.values()));
  static final Option<List<String>> TLS_PROTOCOLS =
      manager("tls.protocols", String.join(",", TlsSettings.ALL_PROTOCOLS), TlsOptions.PROTOCOLS);
  static final Option<List<String>> TLS_CIPHERS = manager("tls.ciphers", "", TlsOptions.CIPHERS);
  static final Option<SSLContext> TLS_CONTEXT = manager("tls.context", null, TlsOptions.CONTEXT);

  static final Option<String> CACHE_KEY_TYPE = cache("keyType", "java.lang.Object", CLASS_NAME);
  static final Option<String> CACHE_VALUE_TYPE = cache("valueType", "java.lang.Object", CLASS_NAME);
  static final Option<Factory<ExpiryPolicy>> CACHE_EXPIRY =
      cache("expiry", "eternal", OptionFormat.EXPIRY);
  static final Option<Boolean> CACHE_STATISTICS = cache("statistics", "false", FLAG);
  static final Option<Boolean> CACHE_COUNT_REMOVE_ALL = cache("countRemoveAll", "true", FLAG);
  static final Option<Boolean> CACHE_MANAGEMENT = cache("management", "false", FLAG);
  static final Option<Boolean> CACHE_READ_THROUGH = cache("readThrough", "false", FLAG);
  static final Option<Boolean> CACHE_WRITE_THROUGH = cache("writeThrough", "false", FLAG);
  static final Option<String> CACHE_LOADER = cache("loader", null, CLASS_NAME);
  static final Option<String> CACHE_WRITER = cache("writer", null, CLASS_NAME);
  static final Option<String> CACHE_SERIALIZER = cache("serializer", null, CLASS_NAME);
  static final Option<Consistency> CACHE_CONSISTENCY =
      cache("consistency", null, word(Consistency.values()));
  static final Option<Duration> CACHE_STALENESS = cache("staleness", null, duration("1ms", "1h"));
  static final Option<NearLimit> CACHE_NEAR = cache("near", "none", OptionFormat.NEAR);
  static final Option<FailureMode> CACHE_FAILURE =
      cache("failure", null, word(FailureMode.values()));
  static final Option<UnreadableMode> CACHE_UNREADABLE =
      cache("unreadable", null, word(UnreadableMode.values()));
  static final Option<Duration> CACHE_LOAD_LEASE = cache("loadLease", null, duration("0s", "1h"));
  static final Option<Duration> CACHE_LOAD_NULL = cache("loadNull", null, duration("0s", "30d"));
  static final Option<Duration> CACHE_CLEAR_GRACE =
      cache("clearGrace", null, duration("0s", "30d"));
  static final Option<Boolean> CACHE_CLEAR_GRACE_PLAIN = cache("clearGracePlain", null, FLAG);
  static final Option<Boolean> CACHE_ACROSS_TENANTS = cache("clearAcrossTenants", "false", FLAG);
  static final Option<Duration> CACHE_REFRESH_AFTER =
      cache("refreshAfter", "0s", duration("0s", "36500d"));
  static final Option<Integer> CACHE_EXPIRY_JITTER =
      cache("expiryJitter", "0%", OptionFormat.JITTER);

  private Options() {}

  private static <T> Option<T> manager(
      String name, @Nullable String defaultText, OptionFormat<T> format) {
    return add(MANAGER, new Option<>(name, defaultText, format, false));
  }

  private static <T> Option<T> secret(String name, OptionFormat<T> format) {
    return add(MANAGER, new Option<>(name, null, format, true));
  }

  private static <T> Option<T> cache(
      String name, @Nullable String defaultText, OptionFormat<T> format) {
    return add(CACHE, new Option<>(name, defaultText, format, false));
  }

  private static <T> Option<T> add(List<Option<?>> table, Option<T> option) {
    table.add(option);
    return option;
  }

  /** Returns the options of managers, in the order in which documentation lists them. */
  public static List<Option<?>> ofManagers() {
    return Collections.unmodifiableList(MANAGER);
  }

  /** Returns the options that mean nothing without TLS. */
  static List<Option<?>> ofTls() {
    return MANAGER.stream().filter(option -> option.name().startsWith(TLS.name() + ".")).toList();
  }

  /** Returns the settings of caches, in the order in which documentation lists them. */
  public static List<Option<?>> ofCaches() {
    return Collections.unmodifiableList(CACHE);
  }

  /** Returns whether a name is that of an option, {@code cache.<name>.<setting>} included. */
  static boolean isKnown(String name) {
    if (!name.startsWith(CACHE_PREFIX)) {
      return MANAGER.stream().anyMatch(option -> option.name().equals(name));
    }
    int dot = name.lastIndexOf('.');
    return dot > CACHE_PREFIX.length()
        && CACHE.stream().anyMatch(option -> option.name().equals(name.substring(dot + 1)));
  }

  /** Returns the option of a manager that has this name; an error names the nearest. */
  static Option<?> ofManager(String name, String place) {
    return named(MANAGER, "option", name, place);
  }

  /** Returns the setting of a cache that has this name; an error names the nearest. */
  static Option<?> ofCache(String name, String place) {
    return named(CACHE, "cache setting", name, place);
  }

  private static Option<?> named(List<Option<?>> table, String kind, String name, String place) {
    for (Option<?> option : table) {
      if (option.name().equals(name)) {
        return option;
      }
    }
    List<String> names = table.stream().<String>map(Option::name).toList();
    String expected =
        DidYouMean.of(name, names)
            .map(nearest -> "did you mean '" + nearest + "'? Expected one of ")
            .orElse("expected one of ");
    throw invalid(
        "unknown %s %s in %s; %s%s",
        kind, ErrorText.of(name), place, expected, String.join(", ", names));
  }
}
