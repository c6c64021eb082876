package hotels;

enum Season {
  SUMMER,
  WINTER
}
