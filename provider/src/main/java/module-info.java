/**
 * A JCache (JSR-107) provider over memcached.
 *
 * <p>An application requires {@code org.memjcache}, and besides it {@code micrometer.core}, {@code
 * org.lz4.java}, {@code com.github.luben.zstd_jni}, {@code tls.channel} or {@code
 * com.github.benmanes.caffeine} if it uses meters, compression, TLS or near caches. JCache,
 * xmemcached and tls-channel have no module descriptor: their modules {@code cache.api}, {@code
 * xmemcached} and {@code tls.channel} are named after their files, which must not be renamed.
 */
@SuppressWarnings({
  "module", // the integrations with frameworks, which aren't there when this is compiled
  "requires-automatic", // xmemcached, tls.channel
  "requires-transitive-automatic" // cache.api, whose interfaces this module implements
})
module org.memjcache {
  requires transitive cache.api;
  requires java.management;
  requires java.rmi; // of xmemcached, which can't declare what it requires
  requires java.security.sasl; // likewise
  requires org.slf4j;
  requires xmemcached;

  // Optional. Not transitive, or else every application would need them to be compiled.
  requires static com.github.benmanes.caffeine;
  requires static com.github.luben.zstd_jni;
  requires static micrometer.core;
  requires static org.jspecify;
  requires static org.lz4.java;
  requires static tls.channel;

  exports org.memjcache;
  exports org.memjcache.micrometer;
  exports org.memjcache.internal.tenants to
      org.memjcache.hibernate,
      org.memjcache.spring.boot;

  provides javax.cache.spi.CachingProvider with
      org.memjcache.MemcachedCachingProvider;
}
