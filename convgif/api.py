"""What users import: figures that can draw, save and show themselves, presets, runs over many figures, and code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from convgif import documents, figure, presets
from convgif.errors import InputError, Problem, wrong
from convgif.options import whole
from convgif.registry import FORMATS, FRAMEWORKS, VIEWS

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import numpy as np
    import numpy.typing as npt
    from matplotlib.axes import Axes

    from convgif.arithmetic.layer import Layer, SizeLike
    from convgif.assembling.batch import Rendered
    from convgif.assembling.film import Film
    from convgif.frameworks.framework import Framework
    from convgif.reading.found import Found

# Each verb loads what it needs when it is used: a document needs none of it.


class Figure(figure.Figure):
    """A figure that draws itself: a layer, and the options of `figure.OPTIONS` and of its view.

    Raises:
        InputError: options that are unknown or out of bounds, or numbers that do not fit the layer;
            all problems at once.

    >>> from convgif import Conv
    >>> Figure(Conv(input_size=5, kernel_size=3), view="flat").encode("gif")[:6]
    b'GIF89a'
    """

    def frames(self) -> Iterator[npt.NDArray[np.uint8]]:
        """The frames in order, each of shape (height, width, 3), or 4 where `transparent`.

        Raises:
            InputError: the view does not fit the layer, or the figure is over its budget of frames or pixels.
        """
        return self._film().frames()

    def save(self, path: str | Path, format: str | None = None, frame: int | None = None) -> Path:
        """Write the figure to `path`; an existing file is replaced in one move.

        The format follows the ending: `x.gif` is an animation, `x.png` one still, `x.sheet.png` a sprite sheet with its
        index `x.sheet.json` beside it, `x/` a folder of numbered PNG frames; `convgif formats` lists all.

        Args:
            path: where to write; the path of the main file is returned.
            format: the name of a format, where the ending does not say it.
            frame: the frame that a still shows; the telling one if None.

        Raises:
            InputError: as `frames`; an unknown ending or format; no such frame; or the file cannot be written.
        """
        from convgif.assembling import batch

        chosen = None if format is None else FORMATS.named(format)
        return batch.save(self._film(frame), path, chosen).files[0]

    def encode(self, format: str, frame: int | None = None) -> bytes:
        """The figure as the bytes of a file in that format.

        Raises:
            InputError: as `save`; or the format has several files, which `files` gives.
        """
        files = self.files(format, frame=frame)
        if len(files) > 1:
            raise wrong("format", format, "has several files; use files(format), which gives all of them")
        return next(iter(files.values()))

    def files(self, format: str, stem: str = "figure", frame: int | None = None) -> dict[str, bytes]:
        """All files of the figure in that format, in memory, by their paths, which begin with `stem`.

        Raises:
            InputError: as `save`.
        """
        from convgif.assembling import batch

        return batch.encode(self._film(frame), FORMATS.named(format), stem)

    def strip(self, frames: Sequence[int], path: str | Path) -> Path:
        """Write some frames side by side, as papers print them, to a PDF, SVG or PNG file.

        Raises:
            InputError: no such frames, another ending, or the file cannot be written.
        """
        from convgif.assembling import stills

        return stills.strip(self._film(), frames, path)

    def plot(self, ax: Axes, frame: int = 0) -> None:
        """Draw one frame into axes of matplotlib's, as vector art that stays vector in a PDF.

        Raises:
            InputError: as `frames`, or there is no such frame.
        """
        from convgif.assembling.film import no_frame
        from convgif.rendering import axes

        film = self._film()
        number = whole(frame)
        if number is None or not 0 <= number < len(film.durations):
            raise InputError([no_frame("frame", frame, len(film.durations))])
        axes.draw(film.scene, film.theme, number, ax)

    def show(self) -> Path:
        """Open the player in a browser; the page is kept in a temporary file, whose path is returned."""
        import tempfile
        import webbrowser

        page = self.save(Path(tempfile.mkdtemp(prefix="convgif-")) / "figure.html")
        webbrowser.open(page.as_uri())
        return page

    def toml(self, name: str) -> str:
        """The figure as the table of a preset file, which `load_presets` reads back."""
        return documents.as_toml(name, self)

    @classmethod
    def from_query(cls, text: str) -> Self:
        """The figure of a URL's query, as `query` writes it.

        Raises:
            InputError: all that is wrong with it.
        """
        made = documents.from_query(text, cls)
        assert isinstance(made, cls)  # whatever builds figures here is this class
        return made

    def query(self) -> str:
        """The figure as the query of a URL."""
        return documents.as_query(self)

    def _film(self, still: int | None = None) -> Film:
        from convgif.assembling.film import Film

        return Film.of(self, still)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        """What Jupyter shows: an animated SVG, and a still PNG where that cannot be."""
        from base64 import b64encode

        return {
            "text/html": self.encode("svg").decode(),
            "image/png": b64encode(self.encode("png")).decode(),
            "text/plain": self.describe(),
        }


def load_presets(path: str | Path | None = None) -> Mapping[str, Figure]:
    """The figures of a TOML file, of all TOML files of a folder, or (None) those that come with convgif, by name.

    Those of sweeps come last, and are made when they are asked for.

    Raises:
        InputError: a file cannot be read or parsed, or describes no valid figures; with all problems of all files.
            Later, when the figures of a sweep are asked for, what is wrong with them.

    >>> load_presets()["padding_strides"].layer.output_size
    (3, 3)
    """
    # Whatever builds figures there is this class.
    return cast("Mapping[str, Figure]", presets.load_presets(path, Figure))


def render(
    figures: Mapping[str, figure.Figure],
    out: str | Path = "out",
    formats: Iterable[str] | None = None,
    jobs: int = 1,
    progress: Callable[[Rendered], None] | None = None,
    force: bool = False,
    executor: Executor | None = None,
    replacing: Callable[[Path], None] | None = None,
) -> list[Rendered]:
    """Write figures as `out/FORMAT/NAME...`, all of them or none.

    Args:
        figures: the figures by name.
        out: the folder to write in; made where it is missing.
        formats: names of formats; GIF and SVG if None.
        jobs: processes to share the work; the files are the same with any number. With more than one, a script
            needs the usual `if __name__ == "__main__":` around its call.
        progress: called with each figure when it is done, in no particular order.
        force: draw everything anew; else what is there is kept where the manifest of the folder, `manifest.json`,
            shows that it would come out the same. Files that convgif did not write are replaced as well.
        executor: what draws instead, in other processes and on other machines: any executor of `concurrent.futures`,
            such as `client.get_executor()` of dask or `MPIPoolExecutor()` of mpi4py. Whoever draws there needs the same
            convgif, and need not see the folder. It is left open.
        replacing: called with each file that convgif did not write, before `force` has it replaced.

    Returns:
        What was written for each figure, in the order of `figures`.

    Raises:
        InputError: an unknown format, a name that is no plain file name, a figure over its budget, a folder that cannot
            be written, or, without `force`, a file in the way that convgif did not write; nothing is written then.
        ConvgifError: processes that draw were killed, or the executor failed, even at a second try; nothing is written
            then.
    """
    from convgif.assembling import batch

    calls = {"progress": progress, "replacing": replacing}
    options: dict[str, Any] = {name: call for name, call in calls.items() if call is not None}
    number = whole(jobs)
    if number is None or number < 1:
        raise InputError([Problem("jobs", jobs, "must be an integer >= 1")])
    if executor is not None:
        from convgif.assembling import machines

        if number > 1:
            raise wrong("jobs", jobs, "has no effect with an executor; leave it out")
        options["pool"] = machines.pool(executor)
    chosen = batch.USUAL_FORMATS if formats is None else formats
    return batch.render(figures, out, chosen, number, force=force, **options)


def code(layer: Layer, framework: str = "pytorch") -> str:
    """A layer as code of a deep learning framework, a line for each layer that it takes there.

    Raises:
        InputError: an unknown framework, or it has no such layer.

    >>> from convgif import solve
    >>> print(code(solve(7, 14, transposed=True)[0]))
    nn.ConvTranspose2d(in_channels, out_channels, kernel_size=2, stride=2)
    """
    chosen: Framework = FRAMEWORKS.named(framework, "framework")
    wording = chosen.wording(layer)
    if not wording.lines:
        raise wrong("framework", framework, wording.note)
    return "\n".join(wording.lines)


def from_torch(
    module: Any, input_size: Any, layer: str | None = None, channel: tuple[int, int] | None = None, **options: Any
) -> Figure:
    """The figure of a layer of PyTorch's: a convolution, a transposed convolution, or pooling.

    Args:
        module: the layer; or any module that holds one or several, which is run once to see what reaches them.
        input_size: the size of the input: an integer for all axes, or one integer an axis. For a module that is no
            single layer, channels may precede it, or a batch and channels; or it is an input itself, a tensor.
        layer: which layer of the module it is, as PyTorch names it, such as "features.0"; needed if it holds several.
        channel: the output channel and the input channel whose kernel is shown, rounded to two digits; without it,
            there are no weights. As for all figures, there is no bias.
        options: those of `Figure`. The numbers of the input are made up where there are weights and no `input`.

    Raises:
        InputError: it is or holds no layer that can be drawn; the layer cannot be drawn yet; there is no such layer or
            channel; the module fails on the input; or options that are unknown or out of bounds.

    >>> from torch import nn  # doctest: +SKIP
    >>> from_torch(nn.Conv2d(3, 8, 3, stride=2, padding=1), 32).layer.output_size  # doctest: +SKIP
    (16, 16)
    """
    from convgif.reading import found, torch

    one = torch.single(module, input_size)
    if one is None:
        one = found.chosen(torch.along(module, input_size), layer, "layer", type(module).__name__)
    elif layer is not None:
        raise wrong("layer", layer, f"must be left out: {one.name} is a single layer")
    return _drawn(one, channel, options)


def figures_from_torch(module: Any, input_size: Any, **options: Any) -> dict[str, Figure]:
    """The figures of all layers that an input meets on its way through a module of PyTorch's, by their names there.

    It is run once. Titles name each layer, and the activations, norms and so on that follow it; what is called as a
    function is not seen. The figures can be given to `render` as they are.

    Args:
        module: `nn.Sequential`, or any module that is called with one tensor.
        input_size: as for `from_torch`.
        options: those of `Figure`, for all figures.

    Raises:
        InputError: as `from_torch`; with all layers that cannot be drawn.

    >>> from torch import nn  # doctest: +SKIP
    >>> model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2))  # doctest: +SKIP
    >>> {name: figure.title for name, figure in figures_from_torch(model, 8).items()}  # doctest: +SKIP
    {'0': '0: Conv2d → ReLU', '2': '2: MaxPool2d'}
    """
    from convgif.reading import torch

    one = torch.single(module, input_size)
    return _all_drawn(torch.along(module, input_size) if one is None else [one], options)


def from_keras(
    layer: Any,
    input_size: SizeLike | None = None,
    name: str | None = None,
    channel: tuple[int, int] | None = None,
    **options: Any,
) -> Figure:
    """The figure of a layer of Keras's: a convolution, a transposed convolution, or pooling.

    Args:
        layer: the layer; or a model that holds one or several, and is built.
        input_size: the size of the input, an integer for all axes or one integer an axis; that in the layer's model if
            None.
        name: which layer of a model it is, as Keras names it; needed if it holds several.
        channel: the output channel and the input channel whose kernel is shown, rounded to two digits; without it,
            there are no weights. As for all figures, there is no bias.
        options: those of `Figure`. The numbers of the input are made up where there are weights and no `input`.

    Raises:
        InputError: it is or holds no layer that can be drawn; the layer cannot be drawn yet; there is no such layer or
            channel; a size is missing; or options that are unknown or out of bounds.

    >>> from keras import layers  # doctest: +SKIP
    >>> from_keras(layers.Conv2D(8, 3, strides=2, padding="same"), 5).layer.output_size  # doctest: +SKIP
    (3, 3)
    """
    from convgif.reading import found, keras

    one = keras.single(layer, input_size)
    if one is None:
        if input_size is not None:
            raise wrong("input_size", input_size, "must be left out: a model has sizes of its own")
        one = found.chosen(keras.inside(layer), name, "name", type(layer).__name__)
    elif name is not None:
        raise wrong("name", name, f"must be left out: {one.name} is a single layer")
    return _drawn(one, channel, options)


def figures_from_keras(model: Any, **options: Any) -> dict[str, Figure]:
    """The figures of all layers of a model of Keras's, by their names there; `render` takes them as they are.

    Titles name each layer, and the activations, norms and so on that follow it.

    Args:
        model: a model that is built, with an input of a fixed size.
        options: those of `Figure`, for all figures.

    Raises:
        InputError: as `from_keras`; with all layers that cannot be drawn.
    """
    from convgif.reading import keras

    return _all_drawn(keras.inside(model), options)


def from_flax(
    layer: Any,
    input_size: SizeLike,
    channel: tuple[int, int] | None = None,
    variables: Any = None,
    **options: Any,
) -> Figure:
    """The figure of a layer of Flax's: a convolution, a transposed convolution, or pooling.

    Args:
        layer: `Conv` or `ConvTranspose`, of Linen or NNX; or `max_pool` or `avg_pool`, which are functions, with their
            arguments, as in `functools.partial(nn.max_pool, window_shape=(2, 2), strides=(2, 2))`.
        input_size: the size of the input, an integer for all axes or one integer an axis.
        channel: the output channel and the input channel whose kernel is shown, rounded to two digits; without it,
            there are no weights. As for all figures, there is no bias.
        variables: the layer's variables or its parameters, which hold the weights of a layer of Linen's.
        options: those of `Figure`. The numbers of the input are made up where there are weights and no `input`.

    Raises:
        InputError: it is no layer that can be drawn, or cannot be drawn yet; there is no such channel, or there are no
            weights; or options that are unknown or out of bounds.

    >>> from flax import linen as nn  # doctest: +SKIP
    >>> from_flax(nn.Conv(8, kernel_size=(3, 3), strides=2), 5).layer.output_size  # doctest: +SKIP
    (3, 3)
    """
    from convgif.reading import flax

    return _drawn(flax.single(layer, input_size, variables), channel, options)


def from_onnx(
    model: Any,
    node: str | None = None,
    input_size: SizeLike | None = None,
    channel: tuple[int, int] | None = None,
    **options: Any,
) -> Figure:
    """The figure of a node of an ONNX model: a convolution, a transposed convolution, or pooling.

    Args:
        model: the model, or the path of its file.
        node: the name of the node; that of its operator where it has none, such as "Conv", or "Conv-2" for the second
            one. Needed if the model holds several that can be drawn.
        input_size: the size of the node's input, an integer for all axes or one integer an axis; that in the model if
            None.
        channel: the output channel and the input channel whose kernel is shown, rounded to two digits; without it,
            there are no weights. As for all figures, there is no bias.
        options: those of `Figure`. The numbers of the input are made up where there are weights and no `input`.

    Raises:
        InputError: the file cannot be read; there is no such node or channel; the node cannot be drawn yet; a size is
            missing; or options that are unknown or out of bounds.
        ConvgifError: ONNX is not installed.

    >>> from_onnx("model.onnx", "conv1", channel=(0, 0)).save("conv1.svg")  # doctest: +SKIP
    PosixPath('conv1.svg')
    """
    from convgif.reading import found, onnx

    return _drawn(found.chosen(onnx.inside(model, input_size), node, "node", "the model"), channel, options)


def figures_from_onnx(model: Any, **options: Any) -> dict[str, Figure]:
    """The figures of all nodes of an ONNX model that can be drawn, by name; `render` takes them as they are.

    Titles name the operator of each node, and those that follow it.

    Args:
        model: the model, or the path of its file, with an input of a fixed size.
        options: those of `Figure`, for all figures.

    Raises:
        InputError: as `from_onnx`; with all nodes that cannot be drawn.
        ConvgifError: ONNX is not installed.
    """
    from convgif.reading import onnx

    return _all_drawn(onnx.inside(model), options)


def _drawn(one: Found, channel: tuple[int, int] | None, options: Mapping[str, Any]) -> Figure:
    """The figure of a layer that was found, with the kernel of a channel where one is given."""
    if channel is None:
        return Figure(_layer(one, options), **options)
    made_up = {} if options.get("input") is not None else {"random": 0}
    return Figure(one.layer, **{"weight": one.kernel(channel), **made_up, **options})


def _all_drawn(found: Iterable[Found], options: Mapping[str, Any]) -> dict[str, Figure]:
    """The figures of layers that were found, by their names; the title says what stands there."""
    figures: dict[str, Figure] = {}
    problems: list[Problem] = []
    for one in found:
        try:
            figures[one.name] = Figure(_layer(one, options), **{"title": one.title, **options})
        except InputError as error:  # what is wrong with the options is wrong for all figures
            problems.extend(problem for problem in error.problems if problem not in problems)
    if problems:
        raise InputError(problems)
    return figures


def _layer(one: Found, options: Mapping[str, Any]) -> Layer:
    """A layer that was found; with its channels where the view draws them."""
    view = options.get("view")
    if not (isinstance(view, str) and view in VIEWS and VIEWS[view].channels):
        return one.layer
    return type(one.layer)(**{**one.layer.arguments(), **one.channels()})
