// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.cli.ExitCode;
import org.memjcache.cli.UsageException;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.output.Column;
import org.memjcache.cli.output.Table;
import org.memjcache.cli.output.Units;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.config.ParsedUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Puts load on the servers, and measures. */
@Command(
    name = "bench",
    description = {
      "Puts load on the servers for a while: gets and puts of a cache in a namespace of its own, with"
          + " the options of the URI (consistency, timeout, ...). It stops as fast as it can, and"
          + " removes its entries and versions again.",
      "",
      "It takes processor time and network from whoever uses the servers, and memory for its entries;"
          + " if the servers are full, other entries are evicted for them. What it measures includes"
          + " this machine and its JVM, which is warm after some seconds."
    },
    footer = {
      "",
      "Examples:",
      "  memjcache -s cache1:11211,cache2:11211 bench",
      "  memjcache -u 'memcached://cache1/?consistency=bounded' bench --seconds 10 --threads 32"
    })
public final class BenchCommand extends ServerCommand {

  private static final String CACHE = "bench";

  /** How long the end of the process waits for the removal: a server may be silent. */
  private static final Duration LONGEST_REMOVAL = Duration.ofSeconds(30);

  @Option(
      names = "--seconds",
      paramLabel = "<n>",
      defaultValue = "60",
      description = "How long. Default: 60.")
  private int seconds = 60;

  @Option(
      names = "--threads",
      paramLabel = "<n>",
      defaultValue = "8",
      description = "How many threads. Default: 8.")
  private int threads = 8;

  @Option(
      names = "--entries",
      paramLabel = "<n>",
      defaultValue = "10000",
      description = "How many entries. Default: 10000.")
  private int entries = 10_000;

  @Option(
      names = "--size",
      paramLabel = "<bytes>",
      defaultValue = "100",
      description = "How large their values are. Default: 100.")
  private int size = 100;

  @Option(
      names = "--puts",
      paramLabel = "<percent>",
      defaultValue = "10",
      description = "How many of 100 operations are puts; the others are gets. Default: 10.")
  private int puts = 10;

  /** Creates the command. */
  public BenchCommand(Context context) {
    super(context);
  }

  @Override
  int run(Connection connection) {
    requireBetween("--seconds", seconds, 1, 86_400);
    requireBetween("--threads", threads, 1, 1_000);
    requireBetween("--entries", entries, 1, 10_000_000);
    requireBetween("--size", size, 0, 100_000_000);
    requireBetween("--puts", puts, 0, 100);
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    String level = "memjcache-bench-" + HexFormat.of().formatHex(random);
    URI uri = ParsedUri.append(context().uri(), List.of(level));
    AtomicBoolean stopped = new AtomicBoolean();
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook = new Thread(() -> stop(stopped, ended));
    Runtime.getRuntime().addShutdownHook(hook);
    try (MemcachedCachingProvider provider = new MemcachedCachingProvider();
        MemcachedCacheManager manager =
            provider.getCacheManager(uri, getClass().getClassLoader(), context().properties())) {
      console().note("Load on " + connection + " for " + seconds + " s, in the level " + level);
      Cache<String, byte[]> cache =
          manager.createCache(
              CACHE,
              new MutableConfiguration<String, byte[]>().setTypes(String.class, byte[].class));
      PathKey path = Objects.requireNonNull(connection.path(level + "/" + CACHE), "it has names");
      BenchRemoval removal = new BenchRemoval(connection, console(), cache, path);
      AtomicLong failed = new AtomicLong();
      Failures.runBoth(
          () -> failed.set(measure(cache, stopped)),
          any -> removal.run(entries, BenchCommand::key));
      return stopped.get() || failed.get() > 0 ? ExitCode.FAILED : ExitCode.DONE;
    } finally {
      ended.countDown();
      removeHook(hook);
    }
  }

  /** Holds up the end of the process, as by Ctrl-C, until what was stored is removed. */
  private void stop(AtomicBoolean stopped, CountDownLatch ended) {
    stopped.set(true);
    try {
      boolean isRemoved = ended.await(LONGEST_REMOVAL.toSeconds(), TimeUnit.SECONDS);
      if (!isRemoved) {
        console().error("the process ends before all that it has stored is removed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process ends anyway.
    }
  }

  private static void requireBetween(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new UsageException(
          option + " is " + value + "; expected " + least + " to " + Units.count(most));
    }
  }

  /** Returns how many operations have failed. */
  private long measure(Cache<String, byte[]> cache, AtomicBoolean stopped) {
    for (int i = 0; i < entries && !stopped.get(); i++) {
      cache.put(key(i), new byte[size]);
    }
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      workers.add(new Worker(cache, i, end, stopped));
    }
    long begin = System.nanoTime();
    workers.forEach(Thread::start);
    for (Worker worker : workers) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        stopped.set(true);
        Thread.currentThread().interrupt();
      }
    }
    double took = (System.nanoTime() - begin) / 1e9;
    Table table =
        new Table(
            Column.text("operation", "OPERATION"),
            Column.count("count", "COUNT"),
            Column.rate("rate", "PER S"),
            Column.count("p50_us", "P50 US"),
            Column.count("p99_us", "P99 US"),
            Column.count("worst_us", "WORST US"),
            Column.count("errors", "ERRORS"),
            Column.text("first_error", "FIRST ERROR"));
    long errors = 0;
    for (boolean isPut : new boolean[] {false, true}) {
      Latencies sum = new Latencies();
      workers.forEach(worker -> sum.add(isPut ? worker.puts : worker.gets));
      table.add(
          isPut ? "put" : "get",
          sum.count,
          sum.count / took,
          sum.percentile(0.5),
          sum.percentile(0.99),
          sum.worst,
          sum.errors,
          sum.firstError);
      errors += sum.errors;
    }
    print(table);
    if (errors > 0) {
      console().error("operations that failed: " + Units.count(errors));
    }
    return errors;
  }

  private static String key(int index) {
    return "entry-" + index;
  }

  /** Works until the end. */
  private final class Worker extends Thread {
    private final Cache<String, byte[]> cache;
    private final long end;
    private final AtomicBoolean stopped;
    private final SplittableRandom random;
    final Latencies gets = new Latencies();
    final Latencies puts = new Latencies();

    Worker(Cache<String, byte[]> cache, int number, long end, AtomicBoolean stopped) {
      super("bench-" + number);
      this.cache = cache;
      this.end = end;
      this.stopped = stopped;
      this.random = new SplittableRandom(number);
      setDaemon(true);
    }

    @Override
    public void run() {
      byte[] value = new byte[size];
      long now = System.nanoTime();
      while (end - now > 0 && !stopped.get()) {
        String key = key(random.nextInt(entries));
        boolean isPut = random.nextInt(100) < BenchCommand.this.puts;
        Latencies latencies = isPut ? puts : gets;
        try {
          if (isPut) {
            cache.put(key, value);
          } else {
            cache.get(key);
          }
        } catch (CacheException e) {
          latencies.fails(String.valueOf(e.getMessage()));
        }
        long after = System.nanoTime();
        latencies.add((after - now) / 1_000);
        now = after;
      }
    }
  }

  /** Times in microseconds, in steps of a sixteenth. */
  private static final class Latencies {
    private static final int STEPS = 16;
    private final long[] buckets = new long[64 * STEPS];
    long count;
    long worst;
    long errors;
    @Nullable String firstError;

    void add(long micros) {
      count++;
      worst = Math.max(worst, micros);
      buckets[bucket(micros)]++;
    }

    void fails(String why) {
      errors++;
      firstError = firstError == null ? why : firstError;
    }

    void add(Latencies other) {
      Arrays.setAll(buckets, i -> buckets[i] + other.buckets[i]);
      count += other.count;
      worst = Math.max(worst, other.worst);
      errors += other.errors;
      firstError = firstError == null ? other.firstError : firstError;
    }

    long percentile(double part) {
      long left = (long) Math.ceil(count * part);
      for (int i = 0; i < buckets.length; i++) {
        left -= buckets[i];
        if (left <= 0) {
          return Math.min(worst, upper(i));
        }
      }
      return worst;
    }

    /** The exponent and four more bits. */
    private static int bucket(long micros) {
      if (micros < STEPS) {
        return (int) Math.max(0, micros);
      }
      int exponent = 63 - Long.numberOfLeadingZeros(micros);
      return (exponent - 3) * STEPS + (int) (micros >>> (exponent - 4)) - STEPS;
    }

    private static long upper(int bucket) {
      if (bucket < STEPS) {
        return bucket;
      }
      int exponent = bucket / STEPS + 3;
      return (((long) STEPS + bucket % STEPS + 1) << (exponent - 4)) - 1;
    }
  }
}
