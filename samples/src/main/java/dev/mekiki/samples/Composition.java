package dev.mekiki.samples;

import java.util.List;

/// What a scene shows. Every composition takes its layout from the canvas' random generator, so
/// that two scenes of one composition are two pictures. The order is part of a scene's identity:
/// {@link Scene} picks by it.
enum Composition {
  MOUNTAINS(Landscape::mountains),
  SEA(Landscape::sea),
  SKYLINE(Landscape::skyline),
  VASE(StillLife::vase),
  MOSAIC(Pattern::mosaic),
  MARBLE(Pattern::marble),
  FLOWERS(StillLife::flowers),
  POSTER(Pattern::poster),
  AQUARIUM(Landscape::aquarium),
  CAR(StillLife::car),
  PLANETS(Landscape::planets),
  HOUSE(StillLife::house),
  FRUIT(StillLife::fruit),
  RAYS(Pattern::rays);

  static final List<Composition> ALL = List.of(values());

  @SuppressWarnings("ImmutableEnumChecker") // a method reference
  private final Painter painter;

  Composition(Painter painter) {
    this.painter = painter;
  }

  void paint(Canvas canvas) {
    painter.paint(canvas);
  }

  private interface Painter {
    void paint(Canvas canvas);
  }
}
