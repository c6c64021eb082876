// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachedFolderTest {

  @TempDir private Path parent;

  private final AtomicInteger made = new AtomicInteger();

  @Test
  void getOrMake_twice_madeOnce() throws Exception {
    assertThat(getOrMake()).isEqualTo("good");
    assertThat(getOrMake()).isEqualTo("good");
    assertThat(made).hasValue(1);
    assertThat(namesInParent()).containsExactly("thing");
  }

  @Test
  void getOrMake_parentMissing_created() throws Exception {
    CachedFolder folder = new CachedFolder(parent.resolve("a/b/thing"));
    assertThat(folder.getOrMake(CachedFolderTest::open, this::make)).isEqualTo("good");
  }

  @Test
  void getOrMake_existingDoesNotWork_replaced() throws Exception {
    Files.createDirectories(parent.resolve("thing/with/something"));
    assertThat(getOrMake()).isEqualTo("good");
    assertThat(namesInParent()).containsExactly("thing");
  }

  @Test
  void getOrMake_makerFails_nothingIsLeft() {
    CachedFolder folder = new CachedFolder(parent.resolve("thing"));
    assertThatThrownBy(
            () ->
                folder.getOrMake(
                    CachedFolderTest::open,
                    fresh -> {
                      Files.writeString(fresh.resolve("half"), "done");
                      throw new IOException("no network");
                    }))
        .hasMessage("no network");
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void getOrMake_newOneDoesNotWork_notPublished() {
    CachedFolder folder = new CachedFolder(parent.resolve("thing"));
    assertThatThrownBy(() -> folder.getOrMake(CachedFolderTest::open, fresh -> {}))
        .isInstanceOf(IOException.class);
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void getOrMake_manyAtOnce_allGetTheSameCompleteFolder() throws Exception {
    int many = 8;
    CyclicBarrier allHaveMade = new CyclicBarrier(many);
    List<CompletableFuture<String>> results =
        IntStream.range(0, many).mapToObj(i -> inThreadOfItsOwn(allHaveMade)).toList();
    assertThat(results.stream().map(CompletableFuture::join)).containsOnly("good");
    assertThat(namesInParent()).containsExactly("thing");
  }

  @Test
  void getOrMake_abandonedWorkshops_onlyOldOnesRemoved() throws Exception {
    Path old = Files.createDirectories(parent.resolve("thing.tmp-1"));
    Files.writeString(old.resolve("file"), "x");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    Files.createDirectories(parent.resolve("thing.tmp-2"));
    getOrMake();
    assertThat(namesInParent()).containsExactly("thing", "thing.tmp-2");
  }

  private CompletableFuture<String> inThreadOfItsOwn(CyclicBarrier allHaveMade) {
    CompletableFuture<String> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(
                    new CachedFolder(parent.resolve("thing"))
                        .getOrMake(
                            CachedFolderTest::open,
                            fresh -> {
                              make(fresh);
                              await(allHaveMade);
                            }));
              } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    thread.start();
    return result;
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private String getOrMake() throws IOException {
    return new CachedFolder(parent.resolve("thing")).getOrMake(CachedFolderTest::open, this::make);
  }

  private void make(Path fresh) throws IOException {
    made.incrementAndGet();
    Files.writeString(fresh.resolve("file"), "good");
  }

  private static String open(Path folder) throws IOException {
    return Files.readString(folder.resolve("file"));
  }

  private List<String> namesInParent() throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
