"""The catalogue: weights that others publish, each file at an address that names one revision where there is one."""

from __future__ import annotations

from typing import Final

from scenedex.engines.catalog.entries import Catalog, Content, Entry, Stage, Use, WeightFile

_OPENCV_ZOO: Final = (
    "https://media.githubusercontent.com/media/opencv/opencv_zoo/47534e27c9851bb1128ccc0102f1145e27f23f98/models"
)
_WHISPER_TOKENIZER: Final = Content(2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab")
_WHISPER_VOCABULARY: Final = Content(459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913")


def _hugging_face(repository: str, revision: str, path: str) -> str:
    return f"https://huggingface.co/{repository}/resolve/{revision}/{path}"


def _whisper(size: str, revision: str, config: Content, model: Content) -> Entry:
    """One of the sizes that Systran converted to CTranslate2."""
    repository = f"Systran/faster-whisper-{size}"
    contents = {
        "config.json": config,
        "model.bin": model,
        "tokenizer.json": _WHISPER_TOKENIZER,
        "vocabulary.txt": _WHISPER_VOCABULARY,
    }
    return Entry(
        f"whisper-{size}",
        f"speech in all languages, Whisper {size}",
        (Use(Stage.SPEECH, "whisper"),),
        "MIT",
        f"https://huggingface.co/{repository}",
        tuple(
            WeightFile(name, _hugging_face(repository, revision, name), content.size_bytes, content.sha256)
            for name, content in contents.items()
        ),
    )


_FACES: Final = (
    Entry(
        "yunet-sface",
        "faces: YuNet finds them, SFace tells them apart",
        (Use(Stage.FACES, "yunet-sface"),),
        "MIT AND Apache-2.0",
        "https://github.com/opencv/opencv_zoo",
        (
            WeightFile(
                "face_detection_yunet_2023mar.onnx",
                f"{_OPENCV_ZOO}/face_detection_yunet/face_detection_yunet_2023mar.onnx",
                232_589,
                "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
            ),
            WeightFile(
                "face_recognition_sface_2021dec.onnx",
                f"{_OPENCV_ZOO}/face_recognition_sface/face_recognition_sface_2021dec.onnx",
                38_696_353,
                "0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79",
            ),
        ),
    ),
)

_TEXT: Final = (
    Entry(
        "ppocr-korean",
        "Korean text on screen, PP-OCRv5",
        (Use(Stage.TEXT, "ppocr-korean"),),
        "Apache-2.0",
        "https://github.com/RapidAI/RapidOCR",
        (
            WeightFile(
                "korean_PP-OCRv5_rec_mobile.onnx",
                "https://www.modelscope.cn/models/RapidAI/RapidOCR/resolve/v3.10.0/onnx/PP-OCRv5/rec/"
                "korean_PP-OCRv5_rec_mobile.onnx",
                13_488_748,
                "cd6e2ea50f6943ca7271eb8c56a877a5a90720b7047fe9c41a2e541a25773c9b",
            ),
        ),
    ),
    Entry(
        "tesseract-korean",
        "Korean text on screen, Tesseract's fast weights",
        (Use(Stage.TEXT, "tesseract-korean"),),
        "Apache-2.0",
        "https://github.com/tesseract-ocr/tessdata_fast",
        (
            WeightFile(
                "kor.traineddata",
                "https://raw.githubusercontent.com/tesseract-ocr/tessdata_fast/"
                "87416418657359cb625c412a48b6e1d6d41c29bd/kor.traineddata",
                1_677_415,
                "6b85e11d9bbf07863b97b3523b1b112844c43e713df8b66418a081fd1060b3b2",
            ),
        ),
        # Where systems put the language files of their own Tesseract.
        ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract/tessdata", "/usr/share/tessdata"),
    ),
)

_SPEECH: Final = (
    _whisper(
        "small",
        "536b0662742c02347bc0e980a01041f333bce120",
        Content(2_370, "b55496ac7940a7ae47d2c01eab40edfd8701feec1229d9cce3b40014383fb828"),
        Content(483_546_902, "3e305921506d8872816023e4c273e75d2419fb89b24da97b4fe7bce14170d671"),
    ),
    Entry(
        "whisper-large-v3-turbo",
        "speech in all languages, Whisper large-v3-turbo",
        (Use(Stage.SPEECH, "whisper"),),
        "MIT",
        "https://huggingface.co/dropbox-dash/faster-whisper-large-v3-turbo",
        tuple(
            WeightFile(
                name,
                _hugging_face(
                    "dropbox-dash/faster-whisper-large-v3-turbo", "0a363e9161cbc7ed1431c9597a8ceaf0c4f78fcf", name
                ),
                size_bytes,
                sha256,
            )
            for name, size_bytes, sha256 in (
                ("config.json", 2_263, "b0253ea6c0d3bea6b1e19e91a02acfd3b53f4467362efcb5a3e6b16c9b3a9b7e"),
                ("model.bin", 1_617_884_929, "e76620f83d5f5b69efd3d87e3dc180c1bd21df9fbebacfd4335e5e1efcc018da"),
                ("preprocessor_config.json", 340, "7ccc62c6f2765af1f3b46c00c9b5894426835a05021c8b9c01eecb6dfb542711"),
                ("tokenizer.json", 2_710_337, "297b13372ac43916285644fb9687add3cc62ee2a1adb60da3dc25cc94c1871fd"),
                ("vocabulary.json", 1_068_114, "c69260f2ab26d659b7c398f9a2b2b48ed0df16c3b47d7326782fd9cba71690c1"),
            )
        ),
    ),
    _whisper(
        "medium",
        "08e178d48790749d25932bbc082711ddcfdfbc4f",
        Content(2_257, "3622a2ddc41ec0e0fd4e68c13c6830f03b90c38d89aaad184de02c8c642cf807"),
        Content(1_527_906_378, "9b45e1009dcc4ab601eff815b61d80e60ce3fd8c74c1a14f4a282258286b51ae"),
    ),
    _whisper(
        "base",
        "ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66",
        Content(2_309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
        Content(145_217_532, "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"),
    ),
    _whisper(
        "tiny",
        "d90ca5fe260221311c53c58e660288d3deb8d356",
        Content(2_249, "a73a28cdfe1c43ccc7202fa333d1f89c202477271407ae9a7f19afa52039cac8"),
        Content(75_538_270, "dcb76c6586fc06cbdac6dd21f14cfd129cc4cdd9dce19bf4ffa62e59cbe6e6d1"),
    ),
)

_SPEAKERS: Final = (
    Entry(
        "wespeaker-resnet34",
        "who speaks when, WeSpeaker ResNet34-LM",
        (Use(Stage.SPEAKERS, "wespeaker"),),
        "CC-BY-4.0",
        "https://huggingface.co/Wespeaker/wespeaker-voxceleb-resnet34-LM",
        (
            WeightFile(
                "wespeaker_en_voxceleb_resnet34_LM.onnx",
                _hugging_face(
                    "Wespeaker/wespeaker-voxceleb-resnet34-LM",
                    "f0c48c298fd835726c27956a5d617bad7115627e",
                    "voxceleb_resnet34_LM.onnx",
                ),
                26_530_309,
                "7bb2f06e9df17cdf1ef14ee8a15ab08ed28e8d0ef5054ee135741560df2ec068",
            ),
        ),
    ),
)

_CED: Final = "k2-fsa/sherpa-onnx-ced-tiny-audio-tagging-2024-04-19"
_SOUNDS: Final = (
    Entry(
        "ced-tiny",
        "applause, laughter and background music, CED-tiny",
        (Use(Stage.SOUNDS, "ced"),),
        "Apache-2.0",
        f"https://huggingface.co/{_CED}",
        (
            WeightFile(
                "model.int8.onnx",
                _hugging_face(_CED, "main", "model.int8.onnx"),
                6_133_417,
                "73aa22e783115f6a4ae169b36089907e07d0fd44795595eddea9c1bfc74cc945",
            ),
            WeightFile(
                "class_labels_indices.csv",
                _hugging_face(_CED, "main", "class_labels_indices.csv"),
                14_675,
                "cdd1049833c4b86127c2773ac0d14a2754b6a6d0d1798002ed5c66e699708429",
            ),
        ),
    ),
)

_SIGLIP: Final = ("onnx-community/siglip2-base-patch16-224-ONNX", "ba1f3b0843f24bc5417d38e19c37b287d719b2f4")
_PICTURES: Final = (
    Entry(
        "siglip2-base",
        "pictures by meaning and keywords of a vocabulary, SigLIP 2 base",
        (Use(Stage.PICTURES, "siglip2"), Use(Stage.LABELS, "siglip2-labels")),
        "Apache-2.0",
        f"https://huggingface.co/{_SIGLIP[0]}",
        (
            WeightFile(
                "vision_model.onnx",
                _hugging_face(*_SIGLIP, "onnx/vision_model.onnx"),
                371_807_752,
                "c0573e3f4140c3a7c4e9cc5912bd6b26a033b46a6a8e8af26cbea262b163bcad",
            ),
            # The text tower with 32-bit weights would take 1.1 GB of memory, nearly all of it for the vocabulary.
            WeightFile(
                "text_model.onnx",
                _hugging_face(*_SIGLIP, "onnx/text_model_int8.onnx"),
                283_438_275,
                "3a0603d3a00c05a80a6ded4743c16aaac7b1e62cdcc7e362e7ce418659b96400",
            ),
            WeightFile(
                "tokenizer.json",
                _hugging_face(*_SIGLIP, "tokenizer.json"),
                34_363_039,
                "cb9140fae3ac5122c972d37adf83e1248471a38147ad76f8215c8872c6fd8322",
            ),
        ),
    ),
    Entry(
        "fastestdet-coco80",
        "80 kinds of everyday things, FastestDet",
        (Use(Stage.OBJECTS, "fastestdet"),),
        "BSD-3-Clause",
        "https://github.com/dog-qiuqiu/FastestDet",
        (
            WeightFile(
                "fastestdet-coco80.onnx",
                "https://raw.githubusercontent.com/dog-qiuqiu/FastestDet/main/example/onnx-runtime/FastestDet.onnx",
                998_169,
                "31cb14c017fce347cb4c846ec62fdf00d76bb3beecdf4be21e7116ac67feb880",
            ),
        ),
        (".",),
    ),
)

_E5: Final = ("Xenova/multilingual-e5-small", "761b726dd34fb83930e26aab4e9ac3899aa1fa78")
_MEANING: Final = (
    Entry(
        "multilingual-e5-small",
        "meaning of words in about 100 languages, multilingual E5 small",
        (Use(Stage.MEANING, "sentence-embedding"),),
        "MIT",
        f"https://huggingface.co/{_E5[0]}",
        (
            WeightFile(
                "model_quantized.onnx",
                _hugging_face(*_E5, "onnx/model_quantized.onnx"),
                118_308_185,
                "f80102d3f2a1229f387d3c81909990d8945513e347b0eab049f7de3c6f98c193",
            ),
            WeightFile(
                "tokenizer.json",
                _hugging_face(*_E5, "tokenizer.json"),
                17_082_730,
                "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
            ),
        ),
    ),
    Entry(
        "all-minilm-l6-v2",
        "meaning of English words, MiniLM",
        (Use(Stage.MEANING, "sentence-embedding"),),
        "Apache-2.0",
        "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
        (
            WeightFile(
                "model_quantized.onnx",
                _hugging_face(
                    "Xenova/all-MiniLM-L6-v2", "751bff37182d3f1213fa05d7196b954e230abad9", "onnx/model_quantized.onnx"
                ),
                22_972_370,
                "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1",
                (Content(22_878_476, "73dfdc48a91191a5db422574f4d570df65f8cc5450ab6a9462360a4af5309d08"),),
            ),
            WeightFile(
                "tokenizer.json",
                _hugging_face(
                    "sentence-transformers/all-MiniLM-L6-v2",
                    "1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
                    "tokenizer.json",
                ),
                466_247,
                "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            ),
        ),
        ("all-MiniLM-L6-v2",),
    ),
)

CATALOG: Final = Catalog((*_FACES, *_TEXT, *_SPEECH, *_SPEAKERS, *_SOUNDS, *_PICTURES, *_MEANING))
