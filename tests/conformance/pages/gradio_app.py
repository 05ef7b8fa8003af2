# A small page on the Gradio that Forge is built on, with the names of Forge's own fields: its streams, uploads and files are
# the real ones. Prints its port. The account comes by the environment.
import os
import time

import gradio as gr
from PIL import Image


def paint(prompt, steps, image, progress=gr.Progress()):
    for _ in progress.tqdm(range(int(steps))):
        time.sleep(0.2)
    size = 'none' if image is None else f'{image.size[0]} x {image.size[1]}'
    return Image.new('RGB', (64, 64), (40, 90, 160)), f'{prompt}: {int(steps)} steps, upload {size}'


with gr.Blocks(title='Stand-in for Forge') as demo:
    prompt = gr.Textbox(label='Prompt', elem_id='txt2img_prompt')
    steps = gr.Slider(1, 100, 5, step=1, label='Steps')
    image = gr.Image(type='pil', label='Upload')
    generate = gr.Button('Generate', elem_id='txt2img_generate')
    count = gr.Button('Count', elem_id='txt2img_token_button')
    counter = gr.HTML(elem_id='txt2img_token_counter')
    result = gr.Image(label='Result', format='png')
    info = gr.Textbox(label='Info')
    generate.click(paint, [prompt, steps, image], [result, info])
    count.click(lambda text: f'<span>{len((text or "").split())}/75</span>', [prompt], [counter])

_, url, _ = demo.queue().launch(
    server_name='127.0.0.1',
    auth=(os.environ['PAGE_USER'], os.environ['PAGE_PASSWORD']),
    show_api=False,
    quiet=True,
    prevent_thread_lock=True,
)
print(f'at {url}', flush=True)
demo.block_thread()
